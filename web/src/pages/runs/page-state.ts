import { id, RUNS_FIELDS, type RunsFilter } from '../../url/runs-filter.ts';
import { type Field, searchState, word } from '../../url/search-state.ts';

/** What the list can be sorted by: what the API sorts by. */
export const RUN_SORTS = ['-created_at', 'created_at', '-execution_time_ms', 'execution_time_ms'] as const;
export type RunSort = (typeof RUN_SORTS)[number];

/** All that the address says of the list. */
export interface RunsState extends RunsFilter {
  readonly sort: RunSort;
  /** From which end the list is read. */
  readonly from: 'start' | 'end';
  /** `auto`: a table where there is room for one. */
  readonly layout: 'auto' | 'table' | 'cards';
  /** The operation on many whose progress is shown. */
  readonly op: string;
}

const FIELDS: { readonly [F in keyof RunsState]: Field<RunsState[F]> } = {
  ...RUNS_FIELDS,
  sort: word(RUN_SORTS, '-created_at'),
  from: word(['start', 'end'], 'start'),
  layout: word(['auto', 'table', 'cards'], 'auto'),
  op: id(),
};

export const RUNS_STATE = searchState<RunsState>(FIELDS);
