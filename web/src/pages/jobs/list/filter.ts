import { searchState, text, word } from '../../../url/search-state.ts';

/** Which jobs are listed, and from which end; all of it stands in the address. */
export interface JobsFilter {
  readonly q: string;
  readonly category: string;
  readonly tag: string;
  readonly health: 'any' | 'ok' | 'warning' | 'broken' | 'unknown';
  readonly state: 'any' | 'on' | 'off';
  readonly from: 'start' | 'end';
}

export const HEALTH_FILTERS = ['any', 'ok', 'warning', 'broken', 'unknown'] as const;
export const STATE_FILTERS = ['any', 'on', 'off'] as const;
const ENDS = ['start', 'end'] as const;

/** The list of jobs in the query string. */
export const jobsFilter = searchState<JobsFilter>({
  q: text(200),
  category: text(100),
  tag: text(100),
  health: word(HEALTH_FILTERS, 'any'),
  state: word(STATE_FILTERS, 'any'),
  from: word(ENDS, 'start'),
});
