import { type Context, Hono } from 'hono';
import { z } from 'zod';
import {
  cancelBulk,
  createBulk,
  findBulk,
  listBulkItems,
  listBulks,
  MoreThanSeen,
  type NewBulk,
  reopenBulk,
  TooMany,
} from '#db/queries/bulk.ts';
import { jobsMatching, runsMatching } from '#db/queries/bulk-subjects.ts';
import type { BulkRow } from '#db/schema/bulk.ts';
import {
  BULK_ITEM_STATUSES,
  BULK_STATUSES,
  BULK_SUBJECTS,
  BULK_WORKFLOW,
  bulkWorkflowId,
  JOB_BULK_ACTIONS,
  type JobBulkAction,
  MOST_BULK_ITEMS,
  RUN_BULK_ACTIONS,
  type RunBulkAction,
} from '#jobs/bulk.ts';
import { RUN_QUEUE } from '#workflows/messages.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { orDoneBefore } from '../or-changed-before.ts';
import type { Permission } from '../permissions.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { idempotencyOf } from '../runs/start-run.ts';
import type { Services } from '../services.ts';
import { instant, isUuid, pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { ChosenRuns, chosenRuns } from '../views/runs-filter.ts';

/** How far an operation on many is. */
export const BulkView = z
  .object({
    id: z.string(),
    subject_kind: z.enum(BULK_SUBJECTS),
    action: z.string(),
    reason: z.string().nullable(),
    actor: z.string(),
    status: z.enum(BULK_STATUSES),
    total: z.number(),
    done: z.number(),
    failed: z.number(),
    progress: z.number().meta({ description: 'percent' }),
    created_at: instant,
    updated_at: instant,
    ended_at: instant.nullable(),
  })
  .meta({ id: 'Bulk' });

/** What became of one subject of it. */
export const BulkItemView = z.object({
  n: z.number(),
  subject: z.string().meta({ description: 'the id of a run, the name of a job' }),
  status: z.enum(BULK_ITEM_STATUSES),
  error: z.string().nullable(),
  made: z.string().nullable().meta({ description: 'the run that was made' }),
  ended_at: instant.nullable(),
});

const reason = z.string().max(1000).nullable().default(null);

const BulkRuns = z.strictObject({
  action: z.enum(RUN_BULK_ACTIONS),
  ...ChosenRuns,
  most: z
    .number()
    .int()
    .min(0)
    .optional()
    .meta({ description: 'how many a preview found: when there are more by now nothing is done, and the answer is a 412' }),
  reason,
});
const BulkJobs = z.strictObject({
  action: z.enum(JOB_BULK_ACTIONS),
  names: z.array(z.string().max(100)).min(1).max(MOST_BULK_ITEMS).optional(),
  filter: z.strictObject({ category: z.string().max(100).optional(), tag: z.string().max(50).optional() }).optional(),
  reason,
});

const NEEDS = {
  runs: { cancel: 'run:cancel', pause: 'run:steer', resume: 'run:steer', retry: 'run:start', delete: 'run:delete' },
  jobs: { run: 'run:start', activate: 'job:edit', deactivate: 'job:edit', delete: 'job:edit' },
} as const satisfies {
  readonly runs: { readonly [action in RunBulkAction]: Permission };
  readonly jobs: { readonly [action in JobBulkAction]: Permission };
};

const accepted = { 202: BulkView };
const ONCE = 'with the same `Idempotency-Key` and body it is the same operation';
const viewOf = ({ project: _, ...bulk }: BulkRow): z.infer<typeof BulkView> => {
  const over = bulk.done + bulk.failed;
  return { ...bulk, progress: bulk.total === 0 ? 100 : Math.floor((100 * over) / bulk.total) };
};

/** One thing done to many runs. */
export const bulkRuns = new Hono<Env>().post(
  '/bulk',
  can('run:read'),
  describe({
    tag: 'bulk',
    summary: `Do one thing to many runs, chosen by id or by what they have in common now; ${ONCE}`,
    answers: accepted,
  }),
  body(BulkRuns),
  async (c) => {
    const { action, ids, filter, most, reason } = c.req.valid('json');
    refuseWithout(signedIn(c), NEEDS.runs[action]);
    const runs = await chosenRuns(c.var.services.database.sql, PROJECT, signedIn(c), { ids, filter });
    const asked = { project: PROJECT, subject_kind: 'runs', action, reason, most, asked: { filter: filter ?? null } } as const;
    return c.json(await begin(c, { action, ids, filter, reason }, asked, (tx) => runsMatching(tx, PROJECT, runs)), 202);
  },
);

/** One thing done to many jobs. */
export const bulkJobs = new Hono<Env>().post(
  '/bulk',
  can('job:read'),
  describe({
    tag: 'bulk',
    summary: `Do one thing to many jobs, chosen by name or by what they have in common now; ${ONCE}`,
    answers: accepted,
  }),
  body(BulkJobs),
  async (c) => {
    const { action, names, filter, reason } = c.req.valid('json');
    refuseWithout(signedIn(c), NEEDS.jobs[action]);
    const chosen = namedOr(names, filter);
    const asked = { project: PROJECT, subject_kind: 'jobs', action, reason, asked: { filter: filter ?? null } } as const;
    return c.json(await begin(c, { action, names, filter, reason }, asked, (tx) => jobsMatching(tx, PROJECT, chosen)), 202);
  },
);

/** Operations on many, and what became of each subject. */
export const bulk = new Hono<Env>()
  .get(
    '/',
    can('run:read'),
    describe({ tag: 'bulk', summary: 'Operations on many, newest first', answers: { 200: pageOf(BulkView) } }),
    query(z.strictObject(Paging)),
    async (c) => {
      const { items, next } = await listBulks(c.var.services.database.read, PROJECT, c.req.valid('query'));
      return c.json({ items: items.map(viewOf), next });
    },
  )
  .get('/:id', can('run:read'), describe({ tag: 'bulk', summary: 'How far an operation is', answers: { 200: BulkView } }), async (c) =>
    c.json(viewOf(await requireBulk(c.var.services, c.req.param('id')))),
  )
  .get(
    '/:id/items',
    can('run:read'),
    describe({ tag: 'bulk', summary: 'What became of each subject', answers: { 200: pageOf(BulkItemView) } }),
    query(z.strictObject({ ...Paging, status: z.enum(BULK_ITEM_STATUSES).optional() })),
    async (c) => {
      const { id } = await requireBulk(c.var.services, c.req.param('id'));
      const { items, next } = await listBulkItems(c.var.services.database.sql, id, c.req.valid('query'));
      return c.json({ items: items.map(({ bulk_id: _, ...item }) => item), next });
    },
  )
  .post(
    '/:id/cancel',
    can('run:read'),
    describe({
      tag: 'bulk',
      summary: 'Stop an operation where it stands; what was done stays done; with the same `Idempotency-Key` it is done once',
      answers: { 202: BulkView },
    }),
    async (c) => c.json(viewOf(await changed(c, cancelBulk)), 202),
  )
  .post(
    '/:id/retry',
    can('run:read'),
    describe({
      tag: 'bulk',
      summary: 'Do again what failed or was not done any more; with the same `Idempotency-Key` it is done once',
      answers: { 202: BulkView },
    }),
    async (c) => {
      const again = await changed(c, reopenBulk);
      await launch(c.var.services, again);
      return c.json(viewOf(again), 202);
    },
  );

const needsOf = ({ subject_kind, action }: BulkRow): Permission =>
  subject_kind === 'runs' ? NEEDS.runs[action as RunBulkAction] : NEEDS.jobs[action as JobBulkAction];

async function requireBulk({ database }: Services, id: string): Promise<BulkRow> {
  const found = isUuid(id) ? await findBulk(database.sql, PROJECT, id.toLowerCase()) : null;
  if (!found) throw notFound(`no operation ${id}`);
  return found;
}

function refuseWithout({ actor, permissions }: ReturnType<typeof signedIn>, needed: Permission): void {
  if (!permissions.has(needed)) throw new HttpProblem(403, `${actor} lacks the permission ${needed}`);
}

/** Whoever asks for all says so with an empty filter. */
function namedOr<F>(names: readonly string[] | undefined, filter: F | undefined): readonly string[] | F {
  if (names !== undefined && filter === undefined) return names;
  if (names === undefined && filter !== undefined) return filter;
  throw new HttpProblem(422, 'write either names or filter');
}

/** Fixes what an operation is done to, and starts it. */
async function begin(
  c: Context<Env>,
  request: object,
  asked: NewBulk,
  subjects: Parameters<typeof createBulk>[2],
): Promise<z.infer<typeof BulkView>> {
  const { services } = c.var;
  const made = await createBulk(services.database.sql, asked, subjects, auditOf(c, asked.reason), idempotencyOf(c, request)).catch(
    (error: unknown) => {
      if (error instanceof TooMany) throw new HttpProblem(422, error.message);
      if (error instanceof MoreThanSeen) throw new HttpProblem(412, error.message);
      throw error;
    },
  );
  await launch(services, made);
  c.header('Location', c.req.path.replace(/(runs|jobs)\/bulk$/, `bulk/${made.id}`));
  return viewOf(made);
}

/** An operation once its caller, who may do to each what it does, has changed it. */
async function changed(c: Context<Env, '/:id'>, change: typeof cancelBulk): Promise<BulkRow> {
  const { services } = c.var;
  const found = await requireBulk(services, c.req.param('id'));
  refuseWithout(signedIn(c), needsOf(found));
  await orDoneBefore(c, {}, (key) => change(services.database.sql, found, auditOf(c), key));
  return requireBulk(services, found.id);
}

const DEADLINE_MS = 2_000;

/** Starts an operation at once; while Temporal is away a worker starts it later. */
async function launch({ temporal, log }: Services, { id, status }: BulkRow): Promise<void> {
  if (status !== 'running') return;
  const start = {
    taskQueue: RUN_QUEUE,
    workflowId: bulkWorkflowId(id),
    args: [id],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
  } as const;
  try {
    await temporal.within(DEADLINE_MS, () => temporal.client.workflow.start(BULK_WORKFLOW, start));
  } catch (error) {
    log.warn({ err: error, bulk: id }, 'a worker starts this operation later');
  }
}
