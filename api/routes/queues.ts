import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { listWeights, removeWeight, setWeight } from '#db/queries/queues/client-weights.ts';
import { busiestQueues, findQueue, listQueues, type QueueWithWorkers } from '#db/queries/queues/list-queues.ts';
import { pauseQueue, pauseTold } from '#db/queries/queues/pause-queue.ts';
import { samplesOf } from '#db/queries/queues/samples.ts';
import { WEIGHTS } from '#jobs/queues/share.ts';
import { CAPABILITIES } from '#jobs/step.ts';
import { holdQueue } from '#platform/temporal/queue-stats.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { orChangedBefore, orDoneBefore } from '../or-changed-before.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { instant, pageOf } from '../views/json.ts';
import { Paging, pageByName } from '../views/paging.ts';
import { QueueDetail, QueuePage, QueueView, viewOfQueue, viewOfSample } from '../views/queue.ts';

const QueuesQuery = z.strictObject({
  ...Paging,
  capability: z.enum(CAPABILITIES).optional(),
  zone: z.string().max(100).optional(),
});

const Note = z.strictObject({ note: z.string().max(1000).optional().meta({ description: 'why, for whoever looks at the queue' }) });

/** How much of a full queue a client gets, as the API shows it. */
export const Weight = z
  .object({ client: z.string(), weight: z.number(), updated_at: instant, updated_by: z.string() })
  .meta({ id: 'ClientWeight' });
const SetWeight = z.strictObject({
  weight: z
    .number()
    .min(WEIGHTS.min)
    .max(WEIGHTS.max)
    .meta({ description: 'how many times the usual share of a full queue the client gets' }),
});
const ClientName = z.string().min(1).max(200);

/** Where steps wait until a worker takes them. In paths the slash of a zone is written %2F. */
export const queues = new Hono<Env>()
  .get(
    '/',
    can('worker:read'),
    describe({ tag: 'queues', summary: 'Queues by name, with what waits there and who serves them', answers: { 200: QueuePage } }),
    query(QueuesQuery),
    async (c) => {
      const { services } = c.var;
      const { limit, after, ...filter } = c.req.valid('query');
      const read = (last: string, rows: number) => listQueues(services.database.read, filter, last, rows);
      const page = await pageByName({ limit, after }, read);
      return c.json({ ...page, items: await Promise.all(page.items.map((row) => seen(services, row))) });
    },
  )
  .get(
    '/busiest',
    can('worker:read'),
    describe({
      tag: 'queues',
      summary: 'The queues with the most that waits, the fullest first',
      answers: { 200: z.object({ items: z.array(QueueView) }) },
    }),
    query(z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(8) })),
    async (c) => {
      const { services } = c.var;
      const rows = await busiestQueues(services.database.read, c.req.valid('query').limit);
      const items = await Promise.all(rows.map((row) => seen(services, row)));
      const waiting = ({ depth }: (typeof items)[number]) => depth?.total ?? 0;
      return c.json({ items: items.toSorted((a, b) => waiting(b) - waiting(a) || b.slots.used - a.slots.used) });
    },
  )
  .get(
    '/weights',
    can('worker:read'),
    describe({
      tag: 'queues',
      summary: 'Clients that have more or less than the usual share of full queues',
      answers: { 200: pageOf(Weight) },
    }),
    query(z.strictObject(Paging)),
    async (c) => {
      const { limit, after } = c.req.valid('query');
      const read = async (last: string, rows: number) =>
        (await listWeights(c.var.services.database.read, PROJECT, last, rows)).map((row) => ({ name: row.client, ...row }));
      const page = await pageByName({ limit, after }, read);
      return c.json({ ...page, items: page.items.map(({ name: _, project: _project, ...weight }) => weight) });
    },
  )
  .put(
    '/weights/:client',
    can('queue:edit'),
    describe({
      tag: 'queues',
      summary: 'Give a client another share of full queues, for runs from now on; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: Weight },
    }),
    body(SetWeight),
    async (c) => {
      const client = ClientName.safeParse(c.req.param('client'));
      if (!client.success) throw notFound('no such client: expected 1 to 200 characters');
      const { weight: wanted } = c.req.valid('json');
      const { sql } = c.var.services.database;
      const { project: _, ...weight } = await orChangedBefore(c, { weight: wanted }, (key) =>
        setWeight(sql, PROJECT, client.data, wanted, auditOf(c), key),
      );
      return c.json(weight);
    },
  )
  .delete(
    '/weights/:client',
    can('queue:edit'),
    describe({
      tag: 'queues',
      summary: 'Give a client the usual share again; with the same `Idempotency-Key` it is done once',
      answers: { 204: 'Removed' },
    }),
    async (c) => {
      const client = c.req.param('client');
      await orDoneBefore(c, {}, (key) => removeWeight(c.var.services.database.sql, PROJECT, client, auditOf(c), key));
      return c.body(null, 204);
    },
  )
  .get(
    '/:name',
    can('worker:read'),
    describe({ tag: 'queues', summary: 'One queue, with each minute of its last day', answers: { 200: QueueDetail } }),
    async (c) => {
      const { services } = c.var;
      const row = await requireQueue(services, c.req.param('name'));
      const [view, history] = await Promise.all([seen(services, row), samplesOf(services.database.read, row.name)]);
      return c.json({ ...view, history: history.map(viewOfSample) });
    },
  )
  .post(
    '/:name/pause',
    can('queue:pause'),
    describe({
      tag: 'queues',
      summary:
        'Hand out nothing more of a queue; what runs goes on, what comes waits; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: QueueView },
    }),
    body(Note),
    (c) => steer(c, c.req.param('name'), true, c.req.valid('json').note ?? null),
  )
  .post(
    '/:name/resume',
    can('queue:pause'),
    describe({
      tag: 'queues',
      summary: 'Hand out again what waits in a paused queue; with the same `Idempotency-Key` and body it is done once',
      answers: { 200: QueueView },
    }),
    body(Note),
    (c) => steer(c, c.req.param('name'), false, c.req.valid('json').note ?? null),
  );

async function steer(c: Context<Env>, name: string, paused: boolean, note: string | null) {
  const { services } = c.var;
  const { sql } = services.database;
  const { name: queue } = await requireQueue(services, name);
  await orDoneBefore(c, { note }, (key) => pauseQueue(sql, queue, paused, note, auditOf(c, note), key));
  await tell(services, queue, paused);
  return c.json(await seen(services, await requireQueue(services, queue)));
}

const DEADLINE_MS = 2_000;

/** While Temporal is away a worker tells it as soon as it is back. */
async function tell({ database, temporal, log }: Services, queue: string, paused: boolean): Promise<void> {
  try {
    await temporal.within(DEADLINE_MS, () => holdQueue(temporal.client, queue, paused, paused ? 'paused' : 'resumed'));
    await pauseTold(database.sql, queue, paused);
  } catch (error) {
    log.warn({ err: error, queue }, 'Temporal could not be told whether a queue is paused; a worker tells it');
  }
}

async function requireQueue({ database }: Services, name: string): Promise<QueueWithWorkers> {
  const row = await findQueue(database.sql, name);
  if (!row) throw notFound(`no queue ${name}`);
  return row;
}

const seen = async ({ queueLooks }: Services, row: QueueWithWorkers) => viewOfQueue(row, await queueLooks.at(row.name));
