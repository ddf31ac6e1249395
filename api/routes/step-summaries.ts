import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { z } from 'zod';
import { listStepSummaries } from '#db/queries/list-step-summaries.ts';
import { findSteps } from '#db/queries/list-steps.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { notFound } from '../problem.ts';
import { requireRun } from '../runs/run-view.ts';
import { withWebhookUrl } from '../runs/webhook-token.ts';
import { StepView } from '../views/step.ts';
import { StepSummary, summaryOf } from '../views/step-summary.ts';

/** The steps of a run in few bytes each, so that ten thousand are one answer, and everything of one of them. */
export const stepSummaries = new Hono<Env>()
  .get(
    '/:id/step-summaries',
    can('run:read'),
    describe({
      tag: 'runs',
      summary: 'Every step that has started or ended, in few bytes: where it stands and when',
      answers: { 200: z.object({ items: z.array(StepSummary) }) },
    }),
    compress(),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const rows = await listStepSummaries(c.var.services.database.sql, run.id);
      return c.json({ items: rows.map(summaryOf) });
    },
  )
  .get(
    '/:id/steps/:key',
    can('run:read'),
    describe({ tag: 'runs', summary: 'One step with its attempts, config and results', answers: { 200: StepView } }),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const key = c.req.param('key');
      const [step] = await findSteps(c.var.services.database.sql, [[run.id, key]]);
      if (!step) throw notFound(`run ${run.id} has no step ${key} that has started`);
      return c.json(withWebhookUrl(c.var.services, signedIn(c), step));
    },
  );
