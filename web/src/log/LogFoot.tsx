import Copy from 'lucide-solid/icons/copy';
import WrapText from 'lucide-solid/icons/text-wrap';
import { For, Show } from 'solid-js';
import type { StepStatus } from '#jobs/run-state.ts';
import { IconButton } from '../components/IconButton.tsx';
import type { HistoryEntry } from '../url/use-search-state.ts';
import type { LogDesk } from './desk.ts';
import { isGrowing } from './growing.ts';
import { type LogPlace, TIMES } from './place.ts';
import { t } from './words.ts';

interface LogFootProps {
  readonly desk: LogDesk;
  readonly status: StepStatus;
  /** The tools stand above the log already. */
  readonly whole: boolean;
  readonly place: LogPlace;
  readonly setPlace: (part: Partial<LogPlace>, entry?: HistoryEntry) => void;
  readonly copy: () => Promise<void>;
  readonly copyWords: string;
  readonly copying: boolean;
}

const BUTTON = 'min-h-8 rounded-control px-2 font-semibold hover:bg-bg2';

/** How long the log is, whether it is followed, and the ways to its end and its errors. */
export const LogFoot = (props: LogFootProps) => {
  const { source } = props.desk;
  return (
    <div class="flex min-h-9 flex-wrap items-center gap-x-3 border-t border-hairline bg-bg0 px-3 text-table">
      <Show when={source.opened() !== null}>
        <span class="text-muted">
          {props.desk.isNarrowed() ? t('log.of', source.window().total, source.lines()) : t('log.lines', source.lines())}
        </span>
      </Show>
      <Show when={source.looking()}>{(scanned) => <span class="text-muted">{t('log.still', scanned())}</span>}</Show>
      <Show when={props.status === 'lost' && source.lines() > 0}>
        <span class="tone-lost text-(--tone)">{t('log.lost')}</span>
      </Show>
      <Show when={isGrowing(props.status) && props.desk.follow()}>
        <span class="tone-running flex items-center gap-2 text-(--tone)">
          <span class="size-2 rounded-full bg-(--tone)" /> {t('log.following')}
        </span>
      </Show>
      <span class="flex-1" />
      <Show when={props.whole}>
        <span class="text-muted @max-[760px]:hidden">{t('log.masked')}</span>
        <Show when={props.desk.groups().length > 1 && !props.desk.isNarrowed()}>
          <button type="button" class={BUTTON} onClick={() => props.desk.foldAll(!props.desk.allFolded())}>
            {t(props.desk.allFolded() ? 'log.unfold_all' : 'log.fold_all')}
          </button>
        </Show>
        <select
          class="min-h-7 rounded-control px-1 hover:bg-bg2 @max-[560px]:hidden"
          aria-label={t('log.time')}
          onChange={(event) => props.setPlace({ time: TIMES.find((one) => one === event.currentTarget.value) ?? 'clock' }, 'none')}
        >
          <For each={TIMES}>
            {(time) => (
              <option value={time} selected={time === props.place.time}>
                {t(`log.time.${time}`)}
              </option>
            )}
          </For>
        </select>
      </Show>
      <Show when={source.firstError() !== null}>
        <button type="button" class={BUTTON} onClick={() => void props.desk.goToError('next', 0)}>
          {t('log.first_error')}
        </button>
      </Show>
      <button type="button" class={BUTTON} title={t('log.end')} onClick={() => props.desk.goToEnd()}>
        {t('log.follow')}
      </button>
      <Show when={!props.whole}>
        <IconButton label={t('log.wrap')} pressed={props.place.wrap} press={() => props.setPlace({ wrap: !props.place.wrap })}>
          <WrapText size={16} />
        </IconButton>
        <IconButton label={props.copyWords} busy={props.copying && t('log.copying')} press={() => void props.copy()}>
          <Copy size={16} />
        </IconButton>
      </Show>
    </div>
  );
};
