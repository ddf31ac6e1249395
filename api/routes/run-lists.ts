import { ReadableStream as NodeStream } from 'node:stream/web';
import { Hono } from 'hono';
import { z } from 'zod';
import { bounded } from '#db/bounded.ts';
import { countAll, countMatching } from '#db/queries/count-runs.ts';
import { exportRuns, RUN_EXPORT_COLUMNS } from '#db/queries/export-runs.ts';
import { RUN_SORTS } from '#db/queries/list-runs.ts';
import { countByAcceptance, countByHour } from '#db/queries/run-histogram.ts';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { RUN_EXPORTS } from '../runs/export-format.ts';
import { instant } from '../views/json.ts';
import { RUN_FILTERS, wantedRuns } from '../views/runs-filter.ts';

/** Counts are beside the list, which does not wait for them. */
const COUNT_MS = 2_000;
const HOUR_MS = 3_600_000;
/** Longer spans of all runs are counted by the hour in which the runs ended. */
const LONGEST_ONE_BY_ONE_MS = 2 * 24 * HOUR_MS;
const MOST_BUCKETS = 200;

const filters = z.strictObject(RUN_FILTERS);

/** How many runs there are, as far as they were counted. */
export const RunsCount = z
  .object({
    count: z.number(),
    more: z.boolean().meta({ description: 'there are more than `count`, and they were not counted' }),
    at: instant.meta({ description: 'when they were counted' }),
  })
  .meta({ id: 'RunsCount' });

/** Runs over time, by status. */
export const Histogram = z
  .object({
    from: instant,
    ms: z.number().meta({ description: 'the length of a bucket' }),
    buckets: z.number(),
    counted_by: z.enum(['accepted', 'ended']).meta({ description: 'what an ended run is placed by; an open one by when it was accepted' }),
    items: z.array(z.object({ bucket: z.number(), status: z.enum(RUN_STATUSES), runs: z.number() })),
  })
  .meta({ id: 'RunsHistogram' });

const columns = z
  .string()
  .transform((text) => [...new Set(text.split(','))])
  .pipe(z.array(z.enum(RUN_EXPORT_COLUMNS)).min(1));

/** As many as an address has room for. */
const MOST_IDS = 200;
const chosen = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.uuid()).min(1).max(MOST_IDS));

const USUAL_COLUMNS = [
  'number',
  'status',
  'job',
  'version',
  'client',
  'ref_num',
  'target',
  'executed_at',
  'ended_at',
  'execution_time_ms',
  'priority',
  'retry_count',
  'trigger',
  'created_by',
  'error_message',
  'retry_error',
] as const;

/** What can be asked about all runs of a filter at once. */
export const runLists = new Hono<Env>()
  .get(
    '/count',
    can('run:read'),
    describe({
      tag: 'runs',
      summary: 'How many runs there are: without a filter exactly, with one as far as they are quickly counted',
      answers: { 200: RunsCount },
    }),
    query(filters),
    async (c) => {
      const filter = c.req.valid('query');
      const count = await bounded(c.var.services.database.read, COUNT_MS, async (tx) =>
        Object.keys(filter).length === 0
          ? countAll(tx, PROJECT)
          : countMatching(tx, PROJECT, await wantedRuns(tx, PROJECT, signedIn(c), filter)),
      );
      return c.json({ ...count, at: new Date().toISOString() });
    },
  )
  .get(
    '/histogram',
    can('run:read'),
    describe({ tag: 'runs', summary: 'Runs of a filter over time, by status, those that have not ended too', answers: { 200: Histogram } }),
    query(filters.extend({ buckets: z.coerce.number().int().min(1).max(MOST_BUCKETS).default(60) })),
    async (c) => {
      const { buckets: wanted, ...filter } = c.req.valid('query');
      const { since, until = new Date(), status, ...others } = filter;
      const from = since ?? new Date(until.getTime() - 24 * HOUR_MS);
      if (from >= until) throw new HttpProblem(400, 'since: must be before until');
      const byHour = until.getTime() - from.getTime() > LONGEST_ONE_BY_ONE_MS && Object.keys(others).length === 0;
      const buckets = bucketsOf(from, until, wanted, byHour ? HOUR_MS : 1000);
      const items = await bounded(c.var.services.database.read, COUNT_MS, async (tx) =>
        byHour
          ? countByHour(tx, PROJECT, status, buckets)
          : countByAcceptance(tx, PROJECT, await wantedRuns(tx, PROJECT, signedIn(c), { ...others, status }), buckets),
      );
      return c.json({
        from: buckets.from.toISOString(),
        ms: buckets.ms,
        buckets: buckets.count,
        counted_by: byHour ? ('ended' as const) : ('accepted' as const),
        items: [...items],
      });
    },
  )
  .get(
    '/export',
    can('run:read'),
    describe({ tag: 'runs', summary: 'All runs of a filter as a file', answers: { 200: 'The file' } }),
    query(
      filters.extend({
        ids: chosen.optional().meta({ description: 'only these, separated by commas' }),
        format: z.enum(['csv', 'json']).default('csv'),
        sort: z.enum(RUN_SORTS).optional(),
        columns: columns.optional().meta({ description: `separated by commas; ${USUAL_COLUMNS.join(',')} when absent` }),
      }),
    ),
    async (c) => {
      const { format, sort, columns: shown = USUAL_COLUMNS, ...filter } = c.req.valid('query');
      const { read } = c.var.services.database;
      const { type, file, write } = RUN_EXPORTS[format];
      // What is refused or too slow is answered as such, not as a file that is cut off.
      const rows = await withFirst(
        exportRuns(read, { ...(await wantedRuns(read, PROJECT, signedIn(c), filter)), project: PROJECT, sort }, shown),
      );
      c.header('Content-Type', type);
      c.header('Content-Disposition', `attachment; filename="${file}"`);
      return c.body(NodeStream.from(write(shown, rows)) as unknown as ReadableStream);
    },
  );

/** The same, once its first part is there. */
async function withFirst<T>(parts: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await parts.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* parts;
  })();
}

/** Spans of a length that people count in, which hold the whole range and begin at a multiple of it. */
function bucketsOf(from: Date, until: Date, wanted: number, least: number) {
  const exact = (until.getTime() - from.getTime()) / wanted;
  const ms = ROUND_MS.find((one) => one >= exact && one >= least) ?? Math.ceil(exact / DAY_MS) * DAY_MS;
  const begin = Math.floor(from.getTime() / ms) * ms;
  return { from: new Date(begin), ms, count: Math.ceil((until.getTime() - begin) / ms) };
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
const ROUND_MS = [
  1000,
  5000,
  15_000,
  30_000,
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12, 24, 48].map((hours) => hours * HOUR_MS),
  7 * DAY_MS,
];
