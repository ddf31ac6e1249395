import { z } from 'zod';
import type { RunCount } from '#db/queries/run-counts.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import { instant } from '../views/json.ts';

/** The statuses that old clients know. */
export const LEGACY_STATUSES = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type LegacyStatus = (typeof LEGACY_STATUSES)[number];

const MEANS = {
  pending: 'PENDING',
  scheduled: 'PENDING',
  queued: 'PENDING',
  running: 'RUNNING',
  retrying: 'RUNNING',
  waiting: 'RUNNING',
  paused: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  timed_out: 'FAILED',
  missed: 'FAILED',
  lost: 'FAILED',
  cancelled: 'CANCELLED',
} as const satisfies Record<RunStatus, LegacyStatus>;

/** What an old client reads for a status. */
export const legacyStatus = (status: RunStatus): LegacyStatus => MEANS[status];

/** The statuses that an old client means. */
export const statusesOf = (legacy: LegacyStatus): readonly RunStatus[] =>
  (Object.keys(MEANS) as RunStatus[]).filter((status) => MEANS[status] === legacy);

/** Pages as old clients ask for them; further behind than this nobody looks page by page. */
export const LegacyPaging = {
  status: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(LEGACY_STATUSES))
    .optional(),
  page: z.coerce.number().int().min(1).max(100).default(1),
  size: z.coerce.number().int().min(1).max(100).default(20),
};
export type LegacyPage = z.output<z.ZodObject<typeof LegacyPaging>>;
/** Runs that can be reached so. */
export const MOST_REACHED = 10_000;

export const LegacyStatusWord = z.enum(LEGACY_STATUSES);

/** A number of a job or a run in an address. */
export const numberOf = (text: string): number => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0);

export const LegacyStats = z.object({
  total: z.number(),
  pending: z.number(),
  running: z.number(),
  completed: z.number(),
  failed: z.number(),
  cancelled: z.number(),
  success_rate: z.number().nullable().meta({ description: 'percent of the completed and failed ones' }),
  average_execution_time_ms: z.number().nullable(),
});

/** Counts in the words of old clients. */
export function legacyStats(counts: readonly RunCount[]): z.infer<typeof LegacyStats> {
  const of = (legacy: LegacyStatus) => counts.filter(({ status }) => legacyStatus(status) === legacy);
  const runs = (legacy: LegacyStatus) => of(legacy).reduce((sum, count) => sum + Number(count.runs), 0);
  const completed = runs('COMPLETED');
  const failed = runs('FAILED');
  const ended = completed + failed;
  const ms = [...of('COMPLETED'), ...of('FAILED')].reduce((sum, count) => sum + Number(count.total_ms), 0);
  return {
    total: LEGACY_STATUSES.reduce((sum, status) => sum + runs(status), 0),
    pending: runs('PENDING'),
    running: runs('RUNNING'),
    completed,
    failed,
    cancelled: runs('CANCELLED'),
    success_rate: ended === 0 ? null : Math.round((10_000 * completed) / ended) / 100,
    average_execution_time_ms: ended === 0 ? null : Math.round(ms / ended),
  };
}

/** A run in the words of the definitions' predecessor. */
export const LegacyRun = z.object({
  id: z.number(),
  job_id: z.number().nullable(),
  job_name: z.string(),
  target_id: z.string().nullable(),
  status: LegacyStatusWord,
  parameters: z.record(z.string(), z.unknown()).optional(),
  result: z.unknown().optional(),
  error_message: z.string().nullable(),
  created_by: z.string(),
  total_steps: z.number(),
  completed_steps: z.number(),
  failed_steps: z.number(),
  execution_time_ms: z.number().nullable(),
  created_at: instant,
  started_at: instant.nullable(),
  completed_at: instant.nullable(),
});
