import { RUN_STATUSES } from '#jobs/run-state.ts';
import { SCHEDULE_STATES } from '#jobs/schedules/fire-state.ts';
import { searchState, text, word } from '../../url/search-state.ts';

export const SORTS = ['name', 'next_at', '-last_fire_at'] as const;

const LONGEST = 200;

/** The conditions of the list, without its order. */
export const CONDITIONS = ['q', 'state', 'job', 'timezone', 'client', 'last_status', 'calendar'] as const;
type Condition = (typeof CONDITIONS)[number];

/** Which schedules are shown, in which order; empty texts are no condition. */
export type ScheduleFilter = { readonly [name in Condition | 'sort']: string };

/** The filter as the address says it, which the API takes as it is. */
export const SCHEDULES = searchState<ScheduleFilter>({
  q: text(LONGEST),
  state: word<string>(['', ...SCHEDULE_STATES], ''),
  job: text(LONGEST),
  timezone: text(LONGEST),
  client: text(LONGEST),
  last_status: word<string>(['', ...RUN_STATUSES], ''),
  calendar: text(LONGEST),
  sort: word<string>(SORTS, 'name'),
});

/** The conditions that narrow the list. */
export const conditionsOf = (filter: ScheduleFilter): readonly Condition[] => CONDITIONS.filter((name) => filter[name] !== '');
