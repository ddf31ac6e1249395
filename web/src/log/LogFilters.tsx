import { For, Show } from 'solid-js';
import { visible } from '../components/visible.ts';
import type { GroupedLines } from './groups.ts';
import { LEVELS, type LogPlace, STREAMS } from './place.ts';
import { t } from './words.ts';

interface LogFiltersProps {
  readonly place: LogPlace;
  readonly setPlace: (part: Partial<LogPlace>) => void;
  readonly groups: readonly GroupedLines[];
  /** There are more commands than these. */
  readonly truncated?: boolean;
  /** Why the commands are not known. */
  readonly failed?: Error | null;
}

/** Which lines of the log are shown. */
export const LogFilters = (props: LogFiltersProps) => {
  const shows = (stream: (typeof STREAMS)[number]) => props.place.streams.length === 0 || props.place.streams.includes(stream);
  // The last one cannot be switched off: that would show nothing, and nothing ticked means all.
  const toggle = (stream: (typeof STREAMS)[number]) => {
    const next = STREAMS.filter((one) => (one === stream ? !shows(one) : shows(one)));
    props.setPlace({ streams: next.length === STREAMS.length || next.length === 0 ? [] : next });
  };
  const offered = () => props.groups.filter(({ group }) => props.place.attempt === null || group.attempt === props.place.attempt);
  const hasAttempts = () => offered().some(({ group }) => group.attempt !== offered()[0]?.group.attempt);
  return (
    <fieldset class="flex flex-wrap items-center gap-x-3 gap-y-1" aria-label={t('log.filters')}>
      <For each={STREAMS}>
        {(stream) => (
          <label class="flex min-h-6 items-center gap-1.5">
            <input type="checkbox" checked={shows(stream)} onChange={() => toggle(stream)} />
            {t(`log.stream.${stream}`)}
          </label>
        )}
      </For>
      <select
        class="input w-auto"
        aria-label={t('log.level')}
        onChange={(event) => props.setPlace({ level: LEVELS.find((one) => one === event.currentTarget.value) ?? 'debug' })}
      >
        <For each={LEVELS}>
          {(level) => (
            <option value={level} selected={level === props.place.level}>
              {t(`log.level.${level}`)}
            </option>
          )}
        </For>
      </select>
      <Show when={props.groups.length > 1 || props.place.command !== ''}>
        <select
          class="input w-auto max-w-44"
          aria-label={t('log.command')}
          onChange={(event) => props.setPlace({ command: event.currentTarget.value })}
        >
          <option value="">{t('log.all_commands')}</option>
          <For each={offered()}>
            {({ id, group }) => (
              <option value={id} selected={id === props.place.command}>
                {hasAttempts() ? id : group.number} {visible(group.command)}
              </option>
            )}
          </For>
          <Show when={props.truncated}>
            <option disabled>{t('log.first_commands', props.groups.length)}</option>
          </Show>
        </select>
      </Show>
      <Show when={props.failed}>
        {(error) => (
          <span class="text-muted" title={error().message}>
            {t('log.no_commands')}
          </span>
        )}
      </Show>
    </fieldset>
  );
};
