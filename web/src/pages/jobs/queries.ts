import type { QueryFunctionContext } from '@tanstack/solid-query';
import { get, getTagged } from '../../api/client.ts';
import { readLive } from '../../api/read-live.ts';
import type { Page } from '../../api/views.ts';
import { showsOf } from '../../live/places.ts';
import type { JobsFilter } from './list/filter.ts';
import type {
  CategoriesView,
  DependantsView,
  GridRun,
  HealthView,
  JobAt,
  JobNow,
  JobSchedule,
  JobsPage,
  TrashedJob,
  VersionDiff,
  VersionRow,
} from './views.ts';

const read =
  <T>(path: string) =>
  ({ signal }: QueryFunctionContext): Promise<T> =>
    get<T>(path, signal);

// What the event stream keeps fresh: read again when news may have been missed, and polled while it is down.
const live = { live: true } as const;

/** The address of a job in the API. */
export const jobPath = (name: string): string => `/jobs/${encodeURIComponent(name)}`;

const NEXT_LOOK_MS = 60_000;

/** Runs of each job that the list draws. */
export const RECENT = 30;
const PAGE = 100;
/** Pages that are held; the far ones are read again when the reader comes back to them. */
const MOST_PAGES = 50;

type Turn = { readonly after: string } | { readonly before: string } | { readonly from: JobsFilter['from'] };

const turned = (turn: Turn): string => {
  if ('after' in turn) return `&after=${encodeURIComponent(turn.after)}`;
  if ('before' in turn) return `&before=${encodeURIComponent(turn.before)}`;
  return turn.from === 'end' ? '&from=end' : '';
};

const filterSearch = ({ q, tag, category, health, state }: JobsFilter): string => {
  const search = new URLSearchParams({ limit: String(PAGE), recent: String(RECENT) });
  if (q.trim() !== '') search.set('q', q.trim());
  if (tag !== '') search.set('tag', tag);
  if (category !== '') search.set('category', category);
  if (health !== 'any') search.set('health', health);
  if (state !== 'any') search.set('active', String(state === 'on'));
  return search.toString();
};

/** The text that two lists share only when they are the same. */
export const listOf = (filter: JobsFilter): string => `jobs ${filter.from} ${filterSearch(filter)}`;

/** Jobs that match, by name, from one end; pages are added at either side. Each says which list it is of. */
export const jobsPagesQuery = (filter: JobsFilter) => ({
  queryKey: ['jobs', 'list', listOf(filter)] as const,
  queryFn: async ({ pageParam, signal }: { pageParam: Turn; signal: AbortSignal }) => ({
    ...(await get<JobsPage>(`/jobs?${filterSearch(filter)}${turned(pageParam)}`, signal)),
    of: listOf(filter),
  }),
  initialPageParam: { from: filter.from } as Turn,
  getNextPageParam: (last: JobsPage): Turn | null => (last.next === null ? null : { after: last.next }),
  getPreviousPageParam: (first: JobsPage): Turn | null => (first.prev === null ? null : { before: first.prev }),
  maxPages: MOST_PAGES,
  meta: live,
});

export const categoriesQuery = () => ({ queryKey: ['jobs', 'categories'] as const, queryFn: read<CategoriesView>('/jobs/categories') });

/** A job as it stands, with the tag of its state, which a change of it is checked against. */
export const jobNowQuery = (name: string) => ({
  queryKey: ['job', name, 'now'] as const,
  queryFn: async ({ signal }: QueryFunctionContext): Promise<JobNow> => {
    const { value, tag } = await getTagged<JobAt>(jobPath(name), signal);
    return { ...value, etag: tag };
  },
  meta: live,
});

/** A job at one of its versions. */
export const jobAtQuery = (name: string, version: number) => ({
  queryKey: ['job', name, 'at', version] as const,
  queryFn: read<JobAt>(`${jobPath(name)}/versions/${version}`),
  staleTime: 60_000,
});

export const versionsQuery = (name: string) => ({
  queryKey: ['job', name, 'versions'] as const,
  queryFn: read<{ readonly items: readonly VersionRow[] }>(`${jobPath(name)}/versions`),
});

export const diffQuery = (name: string, from: number, to: number) => ({
  queryKey: ['job', name, 'diff', from, to] as const,
  queryFn: read<VersionDiff>(`${jobPath(name)}/diff?from=${from}&to=${to}`),
});

/** Runs of a job with their steps, newest first, a page after the other. */
export const gridQuery = (name: string) => ({
  queryKey: ['job', name, 'grid'] as const,
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    get<Page<GridRun>>(
      `${jobPath(name)}/grid?limit=${RECENT}${pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`}`,
      signal,
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last: Page<GridRun>) => last.next,
  meta: live,
});

export const jobSchedulesQuery = (name: string) => ({
  queryKey: ['job', name, 'schedules'] as const,
  queryFn: (asking: QueryFunctionContext) =>
    readLive<Page<JobSchedule>>(`/schedules?job=${encodeURIComponent(name)}&limit=200`, 'schedules', asking),
  // Their next starts move with the clock, whether anything starts or not.
  refetchInterval: NEXT_LOOK_MS,
  meta: showsOf('schedules'),
});

export const healthQuery = (name: string) => ({
  queryKey: ['job', name, 'health'] as const,
  queryFn: read<HealthView>(`${jobPath(name)}/health`),
});

export const dependantsQuery = (name: string) => ({
  queryKey: ['job', name, 'dependants'] as const,
  queryFn: read<DependantsView>(`${jobPath(name)}/dependants`),
});

/** Deleted jobs, newest first, a page after the other. */
export const trashQuery = () => ({
  queryKey: ['jobs', 'trash'] as const,
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    get<Page<TrashedJob>>(`/jobs/trash?limit=50${pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`}`, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: Page<TrashedJob>) => last.next,
});
