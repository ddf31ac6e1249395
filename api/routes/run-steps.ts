import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { listSteps } from '#db/queries/list-steps.ts';
import { readLog } from '#db/queries/read-log.ts';
import { LIMITS } from '#jobs/limits.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { ONCE, once } from '../once.ts';
import { HttpProblem } from '../problem.ts';
import { requireRun } from '../runs/run-view.ts';
import { idempotencyOf } from '../runs/start-run.ts';
import { steerStep } from '../runs/steer-step.ts';
import { withWebhookUrl } from '../runs/webhook-token.ts';
import { requireLog } from '../step-log/require-log.ts';
import { jsonObject } from '../views/json.ts';
import { LogPage, StepView } from '../views/step.ts';

const MAX_LINES = 5_000;
const LONG_LOG = 50_000;
/** Text that one page of a log holds, about: of longer lines there are fewer in it. */
const MAX_BYTES = 2_000_000;
/** No log is as long, and with a page added it is still a number Postgres counts with. */
const LAST_LINE = 2_000_000_000;

const LogQuery = z.strictObject({
  from: z.coerce
    .number()
    .int()
    .min(-LAST_LINE)
    .max(LAST_LINE)
    .default(1)
    .meta({ description: 'number of the first line; negative counts from the end, -1 is the last' }),
  limit: z.coerce.number().int().min(1).max(MAX_LINES).default(500),
});

const StepsQuery = z.strictObject({
  parts: z.coerce.number().int().min(0).max(LIMITS.items).optional().meta({
    description: 'so many parts of each step at most, first those that ended badly, wait or are under way; absent: all',
  }),
});

const StepMove = z.strictObject({ reason: z.string().max(1000).optional() });

/** The steps of a run, what they wrote, and what a person does to one of them. */
export const runSteps = new Hono<Env>()
  .get(
    '/:id/steps',
    can('run:read'),
    describe({
      tag: 'runs',
      summary: 'The steps that have started or ended, each with its attempts',
      answers: { 200: z.object({ items: z.array(StepView) }) },
    }),
    query(StepsQuery),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const items = await listSteps(c.var.services.database.sql, run.id, c.req.valid('query').parts);
      return c.json({ items: items.map((step) => withWebhookUrl(c.var.services, signedIn(c), step)) });
    },
  )
  .get(
    '/:id/steps/:key/log',
    can('run:read'),
    describe({ tag: 'runs', summary: 'Lines of a step’s log', answers: { 200: LogPage } }),
    query(LogQuery),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const { from, limit } = c.req.valid('query');
      const key = c.req.param('key');
      const page = await readLog(c.var.services.database.sql, run.id, key, from === 0 ? 1 : from, limit, MAX_BYTES);
      if (page.total === 0) await requireLog(c.var.services, run, key);
      // Whoever looks at a long log is likely to search it next.
      if (page.total > LONG_LOG) c.var.services.scanners.warm();
      return c.json({ ...page, items: [...page.items] });
    },
  )
  .post(
    '/:id/steps/:key/retry',
    can('run:steer'),
    describe({
      tag: 'runs',
      summary: `Execute a step again that waits for a person, in its run; with other config, whoever may edit jobs; ${ONCE}`,
      answers: { 202: 'It runs again' },
    }),
    body(
      StepMove.extend({
        config: jsonObject.optional().meta({ description: 'fields in place of those of the definition, for this run; used as they stand' }),
      }),
    ),
    async (c) => {
      const { reason, config } = c.req.valid('json');
      if (config !== undefined) requireEditor(c);
      await moveStep(c, { move: 'retry', ...(config && { config }) }, reason);
      return c.body(null, 202);
    },
  )
  .post(
    '/:id/steps/:key/skip',
    can('run:steer'),
    describe({
      tag: 'runs',
      summary: `Skip a step that waits or has not started; the steps that need it go on; ${ONCE}`,
      answers: { 202: 'It is skipped' },
    }),
    body(StepMove.extend({ outputs: jsonObject.optional().meta({ description: 'what later steps see of it' }) })),
    async (c) => {
      const { reason, outputs } = c.req.valid('json');
      await moveStep(c, { move: 'skip', ...(outputs && { outputs }) }, reason);
      return c.body(null, 202);
    },
  )
  .post(
    '/:id/steps/:key/cancel',
    can('run:steer'),
    describe({
      tag: 'runs',
      summary: `End one step that runs or waits; the run goes on as after a failure of it; ${ONCE}`,
      answers: { 202: 'Told; the step’s status says when it has ended' },
    }),
    body(StepMove),
    async (c) => {
      await moveStep(c, { move: 'cancel' }, c.req.valid('json').reason);
      return c.body(null, 202);
    },
  );

/** With the same `Idempotency-Key`, or in the same request, a move is made once. */
async function moveStep(
  c: Context<Env, '/:id/steps/:key'>,
  move: Parameters<typeof steerStep>[3],
  reason: string | undefined,
): Promise<void> {
  const run = await requireRun(c.var.services, c.req.param('id'));
  const id = idempotencyOf(c, {})?.key ?? c.var.requestId;
  await once(c, run, { ...move, reason }, async () => {
    await steerStep(c.var.services, run, c.req.param('key'), move, auditOf(c, reason), id);
    return {};
  });
}

/** Other config is other commands. */
function requireEditor(c: Context<Env>): void {
  const { actor, permissions } = signedIn(c);
  if (!permissions.has('job:edit')) throw new HttpProblem(403, `${actor} lacks the permission job:edit, which other config needs`);
}
