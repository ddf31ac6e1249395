import { keepPreviousData, type QueryFunctionContext } from '@tanstack/solid-query';
import { get, getAtEvent, send } from '../../api/client.ts';
import { readLive } from '../../api/read-live.ts';
import type { Page } from '../../api/views.ts';
import { showsOf } from '../../live/places.ts';
import type { ReadAt } from '../../live/read-at.ts';
import type {
  BackfillFireView,
  BackfillView,
  FireView,
  ListedSchedule,
  PastPause,
  PreviewView,
  ScheduleView,
  StopView,
  VersionView,
} from './views.ts';

/** Starts move what a schedule shows, and nothing tells of each. */
const LOOK_MS = 15_000;
const FIRES_MS = 3_000;

const read =
  <T>(path: string) =>
  ({ signal }: QueryFunctionContext) =>
    get<T>(path, signal);

/** Reads what changes of schedules change. */
const readOfPlace =
  <T>(path: string) =>
  (asking: QueryFunctionContext) =>
    readLive<T>(path, 'schedules', asking);

/** Pages that are held; those the reader has left furthest behind are read again when they come back. */
const MOST_PAGES = 50;
const MOST_CURSORS = 5_000;

/** Which cursor came before another. */
const before = new Map<string, string>();

/** A list, a cursor page at a time. The more pages are held, the more seldom they are read again, so that a long list asks for no more than a short one. */
export const paged = <P extends Page<unknown>>(queryKey: readonly unknown[], path: string, lookMs: number | false) => ({
  queryKey,
  queryFn: async ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }): Promise<P & ReadAt> => {
    const at = pageParam === '' ? path : `${path}&after=${encodeURIComponent(pageParam)}`;
    const { value: page, event } = await getAtEvent<P>(at, 'schedules', signal);
    if (before.size > MOST_CURSORS) before.clear();
    if (page.next !== null) before.set(`${path} ${page.next}`, pageParam);
    return { ...page, event };
  },
  initialPageParam: '',
  getNextPageParam: (last: P): string | null => last.next ?? null,
  getPreviousPageParam: (_first: P, _all: readonly P[], param: string): string | null => before.get(`${path} ${param}`) ?? null,
  maxPages: MOST_PAGES,
  refetchInterval: ({ state }: { readonly state: { readonly data?: { readonly pages: readonly P[] } | undefined } }): number | false =>
    lookMs && lookMs * Math.max(1, state.data?.pages.length ?? 1),
});

/** Where the API keeps a schedule. */
export const scheduleAt = (name: string): string => `/schedules/${encodeURIComponent(name)}`;

/** Where the page shows a schedule, or one view of it. */
export const scheduleHref = (name: string, view = ''): string => `${scheduleAt(name)}${view === '' ? '' : `/${view}`}`;

/** Schedules of a filter, a cursor page at a time. */
export const schedulesQuery = (search: string) => ({
  ...paged<Page<ListedSchedule>>(['schedules', 'list', search], `/schedules?limit=100${search === '' ? '' : `&${search}`}`, LOOK_MS),
  placeholderData: keepPreviousData,
  meta: showsOf('schedules'),
});

export const scheduleQuery = (name: string) => ({
  queryKey: ['schedules', 'one', name] as const,
  queryFn: readOfPlace<ScheduleView>(scheduleAt(name)),
  refetchInterval: LOOK_MS,
  meta: showsOf('schedules'),
});

/** Whether all schedules are stopped. */
export const stopQuery = () => ({
  queryKey: ['schedules', 'stop'] as const,
  queryFn: readOfPlace<StopView>('/schedule-switch'),
  meta: showsOf('schedules'),
});

/** What became of a schedule's moments, the latest first. */
export const firesQuery = (name: string, search: string) => ({
  ...paged<Page<FireView>>(
    ['schedules', 'fires', name, search],
    `${scheduleAt(name)}/fires?limit=100${search === '' ? '' : `&${search}`}`,
    LOOK_MS,
  ),
  placeholderData: keepPreviousData,
});

/** The next moments of a saved schedule from a day on, `''` for now, by its clocks and the reader's. */
export const momentsQuery = (name: string, version: number, viewer: string, from: string) => ({
  queryKey: ['schedules', 'moments', name, version, viewer, from] as const,
  queryFn: () =>
    send<PreviewView>('POST', '/schedules/preview', {
      schedule: name,
      count: 10,
      viewer_zone: viewer,
      ...(from && { from: `${from}T00:00` }),
    }),
  refetchInterval: 60_000,
});

export const backfillsQuery = (name: string) =>
  paged<Page<BackfillView>>(['schedules', 'backfills', name], `${scheduleAt(name)}/backfills?limit=50`, LOOK_MS);

/** How far a backfill is; looked at every second while it is under way. */
export const backfillQuery = (name: string, id: string) => ({
  queryKey: ['schedules', 'backfill', name, id] as const,
  queryFn: read<BackfillView>(`${scheduleAt(name)}/backfills/${id}`),
  refetchInterval: ({ state }: { readonly state: { readonly data?: BackfillView | undefined } }) =>
    state.data !== undefined && state.data.status !== 'running' && state.data.active === 0 ? false : 1_000,
});

/** What became of each of its moments; of one that is over nothing more becomes. */
export const backfillFiresQuery = (name: string, id: string, isOver: boolean) => {
  const query = paged<Page<BackfillFireView>>(
    ['schedules', 'backfill-fires', name, id],
    `${scheduleAt(name)}/backfills/${id}/fires?limit=100`,
    FIRES_MS,
  );
  return isOver ? { ...query, refetchInterval: false as const } : query;
};

/** What a schedule meant from when on, the newest first. */
export const versionsQuery = (name: string) => ({
  ...paged<Page<VersionView>>(['schedules', 'versions', name], `${scheduleAt(name)}/versions?limit=50`, false),
  meta: showsOf('schedules'),
});

/** When it was held. */
export const pausesQuery = (name: string) => ({
  queryKey: ['schedules', 'pauses', name] as const,
  queryFn: readOfPlace<{ readonly items: readonly PastPause[] }>(`${scheduleAt(name)}/pauses?limit=100`),
  meta: showsOf('schedules'),
});
