import type { QueryFunctionContext } from '@tanstack/solid-query';
import type { RunBulkAction } from '#jobs/bulk.ts';
import { get, getAtEvent, send } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import type { ReadAt } from '../../live/read-at.ts';
import { type RunsFilter, runsSearch } from '../../url/runs-filter.ts';
import type { RunsState } from './page-state.ts';
import type { BulkItem, BulkPreview, BulkView, RunsCount, RunsHistogram, RunsPage, SavedView } from './views.ts';

/** What is kept of a list: a first page as short as a screen, then longer ones; the far ones fall away. */
const FIRST_ROWS = 50;
const MORE_ROWS = 200;
const MOST_PAGES = 25;

/** True for a list that was given up as too slow, which a narrower time range helps. */
export const isTooSlow = (error: Error | null): boolean => error instanceof ApiProblem && error.type === 'too_slow';

const unlessTooSlow = (count: number, error: Error): boolean =>
  count < 2 && error instanceof ApiProblem && !isTooSlow(error) && (error.status === 0 || error.status >= 500);

type Turn = { readonly to: 'first' | 'last' } | { readonly after: string } | { readonly before: string };

const turned = (turn: Turn): string => {
  if ('after' in turn) return `&limit=${MORE_ROWS}&after=${encodeURIComponent(turn.after)}`;
  if ('before' in turn) return `&limit=${MORE_ROWS}&before=${encodeURIComponent(turn.before)}`;
  return `&limit=${FIRST_ROWS}${turn.to === 'last' ? '&from=end' : ''}`;
};

/** What decides which rows a list has. */
export type ListAsked = RunsFilter & Pick<RunsState, 'sort' | 'from'> & { readonly parameters: boolean };

/** The text that two lists share only when they are the same. */
export const listKey = ({ sort, from, parameters, ...filter }: ListAsked): string =>
  `${runsSearch(filter)}&sort=${sort}&from=${from}${parameters ? '&extras=parameters' : ''}`;

const pageAt = ({ sort, parameters, ...filter }: ListAsked, turn: Turn): string =>
  `/runs?${runsSearch(filter)}&sort=${sort}${parameters ? '&extras=parameters' : ''}${turned(turn)}`;

const firstTurn = ({ from }: ListAsked): Turn => ({ to: from === 'end' ? 'last' : 'first' });

/** Where the page is asked for that a list begins with. */
export const firstPage = (asked: ListAsked): string => pageAt(asked, firstTurn(asked));

/** A page with the list it is of, and a text that becomes another one when that list is begun anew. */
export interface ReadPage extends RunsPage, ReadAt {
  readonly of: string;
  readonly turn: string;
}

// How often each list was begun anew.
const begun = new Map<string, number>();

/** What is read of the list from now on is a list of its own, shown from where it begins. */
export const beginAnew = (asked: ListAsked): void => {
  const key = listKey(asked);
  begun.set(key, (begun.get(key) ?? 0) + 1);
};

const readPage = async (asked: ListAsked, turn: Turn, signal: AbortSignal): Promise<ReadPage> => {
  const { value, event } = await getAtEvent<RunsPage>(pageAt(asked, turn), 'runs', signal);
  const of = listKey(asked);
  return { ...value, event, of, turn: `${of} ${begun.get(of) ?? 0}` };
};

/** Runs of a filter in an order, from one end; pages are added at either side. */
export const runsQuery = (asked: ListAsked) => ({
  queryKey: ['runs', listKey(asked)] as const,
  queryFn: ({ pageParam, signal }: { pageParam: Turn; signal: AbortSignal }) => readPage(asked, pageParam, signal),
  initialPageParam: firstTurn(asked),
  getNextPageParam: (last: RunsPage): Turn | null => (last.next === null ? null : { after: last.next }),
  getPreviousPageParam: (first: RunsPage): Turn | null => (first.prev === null ? null : { before: first.prev }),
  maxPages: MOST_PAGES,
  // Nothing tells the list that a run is no longer tried anew.
  refetchInterval: (asked.retrying === '' ? false : COUNT_AGAIN_MS) as number | false,
  retry: unlessTooSlow,
  meta: { live: true, topic: 'runs' },
});

/** Counters are asked for no oftener. */
const COUNT_AGAIN_MS = 15_000;

export const countQuery = (search: string) => ({
  queryKey: ['runs-count', search] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<RunsCount>(`/runs/count?${search}`, signal),
  refetchInterval: COUNT_AGAIN_MS,
  retry: unlessTooSlow,
});

export const histogramQuery = (search: string) => ({
  queryKey: ['runs-histogram', search] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<RunsHistogram>(`/runs/histogram?${search}`, signal),
  refetchInterval: COUNT_AGAIN_MS,
  retry: unlessTooSlow,
});

export const viewsQuery = () => ({
  queryKey: ['views', 'runs'] as const,
  queryFn: async ({ signal }: QueryFunctionContext) =>
    (await get<{ readonly items: readonly SavedView[] }>('/views?list=runs', signal)).items,
  staleTime: 60_000,
});

/** Runs chosen one by one, or all that a filter matches. */
export type ChosenRuns = { readonly ids: readonly string[] } | { readonly filter: BulkFilter };

/** The filter as operations take it: moments instead of what passes. */
export type BulkFilter = { readonly [name: string]: unknown };

export const previewQuery = (action: RunBulkAction, chosen: ChosenRuns) => ({
  queryKey: ['bulk-preview', action, JSON.stringify(chosen)] as const,
  queryFn: () => send<BulkPreview>('POST', '/runs/bulk/preview', { action, ...chosen }),
  gcTime: 0,
  retry: unlessTooSlow,
});

const PROGRESS_MS = 1000;

export const bulkQuery = (id: string) => ({
  queryKey: ['bulk', id] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<BulkView>(`/bulk/${id}`, signal),
  refetchInterval: ({ state }: { state: { data: BulkView | undefined } }) =>
    (state.data && state.data.status !== 'running' ? false : PROGRESS_MS) as number | false,
});

/** What was left as it was, with why. */
export const bulkFailuresQuery = (id: string) => ({
  queryKey: ['bulk-failures', id] as const,
  queryFn: async ({ signal }: QueryFunctionContext) =>
    (await get<{ readonly items: readonly BulkItem[] }>(`/bulk/${id}/items?status=failed&limit=50`, signal)).items,
});
