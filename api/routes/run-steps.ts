import { Hono } from 'hono';
import { z } from 'zod';
import { listSteps } from '#db/queries/list-steps.ts';
import { readLog } from '#db/queries/read-log.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { requireRun } from '../runs/run-view.ts';
import { retryStep } from '../runs/steer-run.ts';
import { withWebhookUrl } from '../runs/webhook-token.ts';
import { LogPage, StepView } from '../views/step.ts';

const MAX_LINES = 5_000;
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

/** The steps of a run and what they wrote. */
export const runSteps = new Hono<Env>()
  .get(
    '/:id/steps',
    can('run:read'),
    describe({
      tag: 'runs',
      summary: 'The steps that have started or ended, each with its attempts',
      answers: { 200: z.object({ items: z.array(StepView) }) },
    }),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const items = await listSteps(c.var.services.database.sql, run.id);
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
      const page = await readLog(c.var.services.database.sql, run.id, c.req.param('key'), from === 0 ? 1 : from, limit);
      return c.json({ ...page, items: [...page.items] });
    },
  )
  .post(
    '/:id/steps/:key/retry',
    can('run:steer'),
    describe({ tag: 'runs', summary: 'Execute a step again that waits for a person, in its run', answers: { 202: 'It runs again' } }),
    body(z.strictObject({ reason: z.string().max(1000).optional() })),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      await retryStep(c.var.services, run, c.req.param('key'), auditOf(c, c.req.valid('json').reason));
      return c.body(null, 202);
    },
  );
