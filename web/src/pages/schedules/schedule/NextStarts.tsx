import { keepPreviousData } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import { useQuery } from '../../../api/use-query.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import { zone } from '../../../time/clock.ts';
import { searchState, text } from '../../../url/search-state.ts';
import { useSearchState } from '../../../url/use-search-state.ts';
import { isDay } from '../agenda/week.ts';
import { DroppedNote } from '../DroppedNote.tsx';
import { momentsQuery } from '../queries.ts';
import type { ScheduleView } from '../views.ts';
import { t } from '../words.ts';
import { FromDay } from './FromDay.tsx';
import { MomentsTable } from './MomentsTable.tsx';

const STATE = searchState<{ from: string }>({ from: { ...text(10), read: (given) => ({ value: isDay(given) ? given : null }) } });

/** Ten starts of a schedule from now or a day of choice on, whether it is paused or not. */
export const NextStarts = (props: { schedule: ScheduleView }) => {
  const address = useSearchState(STATE);
  const next = useQuery(() => ({
    ...momentsQuery(props.schedule.name, props.schedule.version, zone(), address.value().from),
    placeholderData: keepPreviousData,
  }));
  return (
    <section aria-labelledby="next-starts" class="mt-6">
      <h2 id="next-starts" class="mb-2 text-section font-semibold">
        {t('schedule.next')}
      </h2>
      <DroppedNote dropped={address.dropped()} />
      <Show when={props.schedule.definition.every === undefined}>
        <div class="mb-3">
          <FromDay value={address.value().from} change={(from) => address.change({ from })} zone={props.schedule.timezone} />
        </div>
      </Show>
      <Fetched
        query={next}
        skeleton="h-88"
        isEmpty={({ moments }) => moments.length === 0}
        empty={<p class="py-2 text-muted">{t('next.none')}</p>}
      >
        {(preview) => (
          <MomentsTable moments={preview().moments} zone={props.schedule.timezone} viewer={zone()} policies={props.schedule.definition} />
        )}
      </Fetched>
    </section>
  );
};
