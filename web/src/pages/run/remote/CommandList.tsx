import { Index, Show, untrack } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import type { CommandView } from '../../../api/views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { short } from '../../../components/visible.ts';
import { t as ofLog } from '../../../log/words.ts';
import { t } from '../words.ts';
import { ParsedRows } from './ParsedRows.tsx';

/** The commands of a step in order: what was asked, how it ended, and on opening what it said. */
export const CommandList = (props: { commands: readonly CommandView[]; active: boolean }) => (
  <ol class="text-table" aria-label={t('remote.commands')}>
    <Index each={props.commands}>
      {(command) => <Command command={command()} alone={props.commands.length === 1} active={props.active} />}
    </Index>
  </ol>
);

const isSilent = (command: CommandView): boolean => command.output === '' && command.error === '' && command.parsed === null;

/** Characters of a command that are shown. */
const LONGEST = 500;

const Command = (props: { command: CommandView; alone: boolean; active: boolean }) => {
  // What the reader has opened or closed since is theirs.
  const said = () => short(props.command.command, LONGEST);
  const startsOpen = untrack(() => props.alone);
  return (
    <li class="border-t border-hairline">
      <details open={startsOpen} class="group/command min-w-0">
        <summary class="min-h-8 gap-2 py-1">
          <code class="min-w-0 flex-1 truncate font-mono" title={said()}>
            {said()}
          </code>
          <Show when={props.command.exit_code !== null} fallback={<NoCode running={props.active && props.command.duration_ms === null} />}>
            <span class={props.command.exit_code === 0 ? 'text-muted' : 'font-semibold'}>
              {t('steps.exit', props.command.exit_code as number)}
            </span>
          </Show>
          <Show when={props.command.duration_ms !== null}>
            <span class="w-16 shrink-0 text-right text-muted">{formatDuration(props.command.duration_ms as number)}</span>
          </Show>
        </summary>
        <div class="flex flex-col gap-2 pb-3">
          <p class="text-meta text-muted">
            <Timestamp at={props.command.executed_at} />
            <Show when={props.command.target}>{(target) => <span> {t('steps.on', target())}</span>}</Show>
          </p>
          <Show when={props.command.parsed !== null}>
            <ParsedRows parsed={props.command.parsed} command={said()} />
          </Show>
          <Said text={props.command.output} label={t('remote.output_of', said())} />
          <Said text={props.command.error} label={t('remote.error_of', said())} isError />
          <Show when={isSilent(props.command)}>
            <p class="text-muted">{ofLog('log.none')}</p>
          </Show>
        </div>
      </details>
    </li>
  );
};

const NoCode = (props: { running: boolean }) => (
  <Show when={props.running} fallback={<span class="text-muted">{t('remote.no_code')}</span>}>
    <StatusIcon status="running" />
  </Show>
);

const Said = (props: { text: string; label: string; isError?: boolean }) => (
  <Show when={props.text !== ''}>
    <div class="relative">
      <pre
        class={`max-h-60 overflow-auto rounded-control bg-log p-3 pr-10 font-mono ${props.isError ? 'border-l-2 border-(--ansi-1)' : ''}`}
        tabindex="0"
        role="region"
        aria-label={props.label}
      >
        <PlainText text={props.text} first={20_000} />
      </pre>
      <CopyButton text={props.text} class="absolute top-1 right-1" />
    </div>
  </Show>
);
