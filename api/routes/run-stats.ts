import { Hono } from 'hono';
import { z } from 'zod';
import { MOST_STATS_ROWS, readRunStats, STATS_BY, type StatsRow } from '#db/queries/run-stats.ts';
import { hasEndedBadly, RUN_STATUSES } from '#jobs/run-state.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { percentile } from '../runs/percentile.ts';
import { instant } from '../views/json.ts';

const DAY_MS = 86_400_000;
/** Longest span by the hour, and by the day. */
const MOST_DAYS = { hour: 31, day: 3_660, all: 3_660 } as const;

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const StatsQuery = z.strictObject({
  bucket: z.enum(['hour', 'day', 'all']).default('day'),
  by: z.enum(STATS_BY).optional(),
  worst: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'only so many groups: those of which most ended badly, then those with most runs; these in that order' }),
  since: moment.optional().meta({ description: '30 days ago when absent; runs are counted by the hour in which they ended' }),
  until: moment.optional(),
  job: z.string().max(100).optional(),
  client: z.string().max(200).optional(),
});

const Statistics = z
  .object({
    at: instant.nullable().meta({ description: 'begin of the hour or day, UTC; null for all of them together' }),
    group: z.string().nullable().meta({ description: 'the job, tag, client or status, where asked for' }),
    runs: z.number(),
    by_status: z.partialRecord(z.enum(RUN_STATUSES), z.number()),
    success_rate: z
      .number()
      .nullable()
      .meta({ description: 'percent of those that completed or ended badly; cancelled ones count for neither' }),
    average_ms: z.number().nullable(),
    p50_ms: z.number().nullable().meta({ description: 'as well as durations counted by powers of two tell' }),
    p95_ms: z.number().nullable(),
  })
  .meta({ id: 'RunStatistics' });

/** How runs fare, from counts that are kept as they end. */
export const runStats = new Hono<Env>().get(
  '/stats',
  can('run:read'),
  describe({
    tag: 'runs',
    summary: 'Ended runs by day or hour and by job, tag of jobs, client or status: how many, success rate, durations',
    answers: { 200: z.object({ items: z.array(Statistics) }) },
  }),
  query(StatsQuery),
  async (c) => {
    const { bucket, by = null, worst, since, until = new Date(), job, client } = c.req.valid('query');
    const from = since ?? new Date(until.getTime() - 30 * DAY_MS);
    if (from >= until) throw new HttpProblem(400, 'since: must be before until');
    if (until.getTime() - from.getTime() > MOST_DAYS[bucket] * DAY_MS) {
      throw new HttpProblem(400, `since: by ${bucket} at most ${MOST_DAYS[bucket]} days can be asked for`);
    }
    const rows = await readRunStats(c.var.services.database.read, { project: PROJECT, bucket, by, worst, since: from, until, job, client });
    if (rows.length > MOST_STATS_ROWS) throw new HttpProblem(400, 'since: too many groups in so long a span; ask for a shorter one');
    const groups = Map.groupBy(rows, ({ at, group }) => JSON.stringify([at, group]));
    const items = [...groups.values()].map(statistics);
    return c.json({ items: worst === undefined ? items : items.toSorted((a, b) => badOf(b) - badOf(a) || b.runs - a.runs) });
  },
);

const badOf = ({ by_status }: z.infer<typeof Statistics>): number =>
  RUN_STATUSES.reduce((sum, status) => sum + (hasEndedBadly(status) ? (by_status[status] ?? 0) : 0), 0);

function statistics(rows: readonly StatsRow[]): z.infer<typeof Statistics> {
  const { at = null, group = null } = rows[0] ?? {};
  const counts = rows.map(({ runs, total_ms, ...row }) => ({ ...row, runs: Number(runs), total_ms: Number(total_ms) }));
  const sum = (some: typeof counts, field: 'runs' | 'total_ms') => some.reduce((total, row) => total + row[field], 0);
  const timed = counts.filter(({ duration_bucket }) => duration_bucket >= 0);
  const completed = sum(
    counts.filter(({ status }) => status === 'completed'),
    'runs',
  );
  const judged =
    completed +
    sum(
      counts.filter(({ status }) => hasEndedBadly(status)),
      'runs',
    );
  const durations = timed.map(({ duration_bucket, runs }) => ({ bucket: duration_bucket, runs }));
  const byStatus = Map.groupBy(counts, ({ status }) => status);
  return {
    at,
    group,
    runs: sum(counts, 'runs'),
    by_status: Object.fromEntries([...byStatus].map(([status, some]) => [status, sum(some, 'runs')])),
    success_rate: judged === 0 ? null : Math.round((10_000 * completed) / judged) / 100,
    average_ms: timed.length === 0 ? null : Math.round(sum(timed, 'total_ms') / sum(timed, 'runs')),
    p50_ms: percentile(durations, 0.5),
    p95_ms: percentile(durations, 0.95),
  };
}
