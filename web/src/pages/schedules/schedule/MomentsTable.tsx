import { For, Show } from 'solid-js';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { abbreviationWords, wallWords } from '../../../time/wall.ts';
import { MarkNote } from '../MarkNote.tsx';
import { momentWords } from '../marks.ts';
import type { MomentView } from '../views.ts';
import { t } from '../words.ts';

interface MomentsProps {
  readonly moments: readonly MomentView[];
  readonly zone: string;
  readonly viewer: string;
  /** Whose policies decided what becomes of times on days when clocks change. */
  readonly policies: Pick<ScheduleDefinition, 'dst'>;
}

const Clock = (props: { shown: MomentView['viewer']; isOff: boolean }) => (
  <Show when={props.shown} fallback="–">
    {(at) => (
      <span class={`whitespace-nowrap ${props.isOff ? 'line-through' : ''}`}>
        {wallWords(at().time)} <span class="text-muted">{abbreviationWords(at().abbreviation)}</span>
      </span>
    )}
  </Show>
);

/** Moments of a schedule: each as an instant, on its clock and on the reader's, and below in words what is particular about it and which policy decided. */
export const MomentsTable = (props: MomentsProps) => {
  const isSame = () => props.viewer === props.zone;
  return (
    <div class="relative overflow-x-auto" tabindex="0" role="region" aria-label={t('next.caption')}>
      <table class="w-full max-w-4xl text-table">
        <caption class="sr-only">{t('next.caption')}</caption>
        <thead>
          <tr class="h-8 border-b border-hairline text-left text-meta text-muted">
            <th class="pr-4 font-normal whitespace-nowrap">{t('next.zone', props.zone)}</th>
            <Show when={!isSame()}>
              <th class="pr-4 font-normal whitespace-nowrap">{t('next.mine', props.viewer)}</th>
            </Show>
            <th class="font-normal whitespace-nowrap">{t('next.instant')}</th>
          </tr>
        </thead>
        <For each={props.moments}>
          {(moment) => (
            <tbody class="border-b border-hairline">
              <tr>
                <td class="h-8 py-1.5 pr-4">
                  <Clock shown={moment.local} isOff={!moment.starts} />
                </td>
                <Show when={!isSame()}>
                  <td class="py-1.5 pr-4">
                    <Clock shown={moment.viewer} isOff={!moment.starts} />
                  </td>
                </Show>
                <td class="py-1.5">
                  <time datetime={moment.at} class="font-mono whitespace-nowrap text-muted">
                    {moment.at.replace('T', ' ').replace(/(:00)?\.000Z$/, 'Z')}
                  </time>
                </td>
              </tr>
              <For each={momentWords(moment, props.policies)}>
                {(words) => (
                  <tr>
                    <td colspan={isSame() ? 2 : 3} class="pb-1.5">
                      <MarkNote words={words} />
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          )}
        </For>
      </table>
    </div>
  );
};
