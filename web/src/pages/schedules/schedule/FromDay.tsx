import { createMemo, For, Show } from 'solid-js';
import { wallWords } from '../../../time/wall.ts';
import { nextChanges, wallAt } from '../../../time/zoned.ts';
import { t } from '../words.ts';

const DAY_MS = 86_400_000;

const isZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};

/** Chooses the day from which starts are shown, `''` for now; the next two changes of the zone's clocks are one press away. */
export const FromDay = (props: { value: string; change: (day: string) => void; zone: string }) => {
  const changes = createMemo(() => (isZone(props.zone) ? nextChanges(props.zone, Date.now()).slice(0, 2) : []));
  return (
    <div class="flex flex-wrap items-end gap-x-4 gap-y-2">
      <label class="flex flex-col gap-1">
        <span class="text-meta text-muted">{t('from.day')}</span>
        <input type="date" class="input" value={props.value} onInput={(event) => props.change(event.currentTarget.value)} />
      </label>
      <Show when={props.value !== ''}>
        <button type="button" class="link min-h-8" onClick={() => props.change('')}>
          {t('from.now')}
        </button>
      </Show>
      <For each={changes()}>
        {({ at }) => (
          <button type="button" class="link min-h-8" onClick={() => props.change(wallAt(at - DAY_MS, props.zone).slice(0, 10))}>
            {t('from.change', wallWords(wallAt(at, props.zone).slice(0, 10)))}
          </button>
        )}
      </For>
    </div>
  );
};
