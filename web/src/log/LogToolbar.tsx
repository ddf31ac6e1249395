import ArrowDownToLine from 'lucide-solid/icons/arrow-down-to-line';
import Copy from 'lucide-solid/icons/copy';
import WrapText from 'lucide-solid/icons/text-wrap';
import { createSignal, Show } from 'solid-js';
import { get } from '../api/client.ts';
import type { LogPage } from '../api/views.ts';
import { toast } from '../components/Toasts.tsx';
import { t } from '../words.ts';
import { BLOCK } from './window.ts';

const MAX_COPIED = 10_000;

/** The last lines of a log as one text, fetched a block at a time. */
const readTail = async (run: string, step: string, total: number): Promise<string[]> => {
  const texts: string[] = [];
  for (let from = Math.max(1, total - MAX_COPIED + 1); from <= total; ) {
    const page = await get<LogPage>(`/runs/${run}/steps/${encodeURIComponent(step)}/log?from=${from}&limit=${BLOCK}`);
    if (page.items.length === 0) break;
    texts.push(...page.items.map((line) => line.text));
    from = (page.items.at(-1)?.n ?? total) + 1;
  }
  return texts;
};

interface LogToolbarProps {
  readonly run: string;
  readonly step: string;
  readonly total: number;
  readonly follow: boolean;
  readonly growing: boolean;
  readonly wrap: boolean;
  readonly firstError: number | null;
  readonly toggleWrap: () => void;
  readonly goToEnd: () => void;
  readonly goToError: () => void;
}

/** How long the log is, whether it is followed, and the ways through it. */
export const LogToolbar = (props: LogToolbarProps) => {
  const [copying, setCopying] = createSignal(false);
  const copy = async () => {
    setCopying(true);
    try {
      const texts = await readTail(props.run, props.step, props.total);
      await navigator.clipboard.writeText(texts.join('\n'));
      const lines = t('log.lines', texts.length);
      toast({ says: texts.length < props.total ? t('log.copied_some', lines, t('log.lines', props.total)) : t('log.copied', lines) });
    } catch (problem) {
      toast({ says: (problem as Error).message, failed: true });
    }
    setCopying(false);
  };
  return (
    <div class="flex min-h-10 flex-wrap items-center gap-1 border-b border-hairline px-2 text-table">
      <span class="px-2 text-muted">{t('log.lines', props.total)}</span>
      <Show when={props.growing && props.follow}>
        <span class="tone-running flex items-center gap-2 text-(--tone)">
          {t('log.following')} <span class="size-2 rounded-full bg-(--tone)" />
        </span>
      </Show>
      <span class="flex-1" />
      <Show when={props.firstError !== null}>
        <button type="button" class="h-8 rounded-control px-2 font-semibold hover:bg-bg2" onClick={() => props.goToError()}>
          {t('log.first_error')}
        </button>
      </Show>
      <button type="button" class="icon-button" title={t('log.end')} aria-label={t('log.end')} onClick={() => props.goToEnd()}>
        <ArrowDownToLine size={16} />
      </button>
      <button
        type="button"
        class={`icon-button ${props.wrap ? 'bg-selected text-text' : ''}`}
        title={t('log.wrap')}
        aria-label={t('log.wrap')}
        aria-pressed={props.wrap}
        onClick={() => props.toggleWrap()}
      >
        <WrapText size={16} />
      </button>
      <button type="button" class="icon-button" title={t('log.copy')} aria-label={t('log.copy')} disabled={copying()} onClick={copy}>
        <Copy size={16} />
      </button>
    </div>
  );
};
