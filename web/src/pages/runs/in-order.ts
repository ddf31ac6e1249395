import type { RunSort } from './page-state.ts';

/** What of a run decides its place in a list. */
export interface Placed {
  readonly id: string;
  readonly execution_time_ms: number | null;
}

const byText = (one: string, other: string): number => Number(one > other) - Number(one < other);

/** Below 0 when one run stands before the other in a list of this order, as the API orders them: what has no duration counts as shortest. */
export const inOrder = (sort: RunSort, one: Placed, other: Placed): number => {
  const byDuration = sort.endsWith('execution_time_ms') ? (one.execution_time_ms ?? -1) - (other.execution_time_ms ?? -1) : 0;
  return (byDuration || byText(one.id, other.id)) * (sort.startsWith('-') ? -1 : 1);
};

/** A part of a list: its runs, and whether there are more before and after them. */
export interface Loaded {
  readonly runs: readonly Placed[];
  readonly before: boolean;
  readonly after: boolean;
}

/** Whether a run that is not among the loaded ones would be, if they were read again: turning pages does not find it. */
export const isWithin = (sort: RunSort, { runs, before, after }: Loaded, run: Placed): boolean => {
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last) return true;
  return (!before || inOrder(sort, run, first) > 0) && (!after || inOrder(sort, run, last) < 0);
};
