import type { QueryFunctionContext } from '@tanstack/solid-query';
import type { RunStatus } from '#jobs/run-state.ts';
import { get } from '../../api/client.ts';
import { readLive } from '../../api/read-live.ts';
import type { Page, RunSummary } from '../../api/views.ts';
import { showsOf } from '../../live/places.ts';
import type { AgendaItem } from '../schedules/agenda/views.ts';

/** How ended runs fared, those of a job or a tag, or altogether. */
export interface Fared {
  readonly group: string | null;
  readonly runs: number;
  readonly by_status: { readonly [status in RunStatus]?: number };
  readonly success_rate: number | null;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}

/** A queue, as far as the overview shows it. */
export interface BusyQueue {
  readonly name: string;
  readonly local_time: string | null;
  readonly depth: { readonly total: number } | null;
  readonly oldest_seconds: number | null;
  readonly slots: { readonly used: number; readonly total: number };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_GROUPS = 10;

/** Counts change as runs end; they are asked for again every 15 s at most. */
const SOMETIMES = { refetchInterval: 15_000 } as const;

const items =
  <T>(path: () => string) =>
  async ({ signal }: QueryFunctionContext): Promise<readonly T[]> =>
    (await get<Page<T>>(path(), signal)).items;

const hourAgo = (ms: number): string => encodeURIComponent(new Date(Math.floor((Date.now() - ms) / HOUR_MS) * HOUR_MS).toISOString());

/** How the runs fared that ended in the last day, or in the day before it, altogether. */
export const faredQuery = (day: 'last' | 'before') => ({
  queryKey: ['overview', 'fared', day] as const,
  queryFn: items<Fared>(
    () =>
      `/runs/stats?bucket=all&since=${hourAgo(day === 'last' ? DAY_MS : 2 * DAY_MS)}${day === 'last' ? '' : `&until=${hourAgo(DAY_MS)}`}`,
  ),
  ...SOMETIMES,
});

/** The jobs or the tags whose runs fared worst in the last day, the worst first. */
export const worstQuery = (by: 'job' | 'tag') => ({
  queryKey: ['overview', 'worst', by] as const,
  queryFn: items<Fared>(() => `/runs/stats?bucket=all&by=${by}&worst=${MOST_GROUPS}&since=${hourAgo(DAY_MS)}`),
  ...SOMETIMES,
});

export const busyQueuesQuery = () => ({
  queryKey: ['overview', 'queues'] as const,
  queryFn: items<BusyQueue>(() => '/queues/busiest'),
  ...SOMETIMES,
});

export const comingQuery = () => ({
  queryKey: ['overview', 'agenda'] as const,
  queryFn: items<AgendaItem>(() => '/schedules/agenda?limit=8&state=planned,due,paused,left_out,asked,delayed'),
  refetchInterval: 60_000,
});

/** What the first steps are ticked from. */
export const firstRunsQuery = () => ({
  queryKey: ['overview', 'completed'] as const,
  queryFn: items<RunSummary>(() => '/runs?status=completed&limit=50'),
  ...SOMETIMES,
});
export const firstSchedulesQuery = () => ({
  queryKey: ['overview', 'schedules'] as const,
  queryFn: async (asking: QueryFunctionContext) =>
    (await readLive<Page<{ readonly name: string }>>('/schedules?limit=1', 'schedules', asking)).items,
  meta: showsOf('schedules'),
});
