import { For, Show } from 'solid-js';
import { Timestamp } from '../../components/Timestamp.tsx';
import { wallWords } from '../../time/wall.ts';
import type { EffectsView } from './views.ts';
import { t } from './words.ts';

const LISTED = 50;

/** Which starts of which schedules a change of a calendar removes, adds and moves. */
export const Effects = (props: { effects: EffectsView }) => {
  const changed = () => props.effects.removed + props.effects.added + props.effects.moved > 0;
  return (
    <div class="flex flex-col gap-2" role="status">
      <p class="font-semibold">
        {changed() ? t('effects.sums', props.effects.removed, props.effects.added, props.effects.moved) : t('effects.none')}
      </p>
      <Show when={!props.effects.is_complete}>
        <p>{t('effects.incomplete')}</p>
      </Show>
      <Show when={changed()}>
        <ul>
          <For each={props.effects.schedules.filter((one) => one.removed + one.added + one.moved > 0)}>
            {(one) => (
              <li class="break-words">
                {one.name}: <span class="text-muted">{t('effects.schedule', one.removed, one.added, one.moved)}</span>
              </li>
            )}
          </For>
        </ul>
        <ul class="max-h-40 overflow-y-auto rounded-control border border-hairline px-3 py-2 text-table" tabindex="0">
          <For each={props.effects.changes.slice(0, LISTED)}>
            {(one) => (
              <li>
                {wallWords(one.wall)} <span class="text-muted">{one.schedule}</span> {t(`effects.${one.change}`)}
                <Show when={one.change === 'moved' && one.to}>
                  {' '}
                  → <Timestamp at={one.to} />
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
};
