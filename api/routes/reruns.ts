import { Hono } from 'hono';
import { z } from 'zod';
import { findLineage } from '#db/queries/find-lineage.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { LIMITS } from '#jobs/limits.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { foreseeRerun } from '../runs/foresee-rerun.ts';
import { prepareRerun, type RerunAsk } from '../runs/rerun.ts';
import { retryRun } from '../runs/retry-run.ts';
import { requireRun, viewOfRun } from '../runs/run-view.ts';
import { idempotencyOf, startRun } from '../runs/start-run.ts';
import { VERSION, versionAsked } from '../runs/version-asked.ts';
import type { Services } from '../services.ts';
import { jsonObject } from '../views/json.ts';
import { Lineage } from '../views/lineage.ts';
import { RerunPreview } from '../views/rerun-preview.ts';
import { RunView } from '../views/run.ts';

const reason = z.string().max(1000).optional();

const Retry = z.strictObject({
  reason,
  only: z.literal('failed_targets').nullable().default(null).meta({
    description:
      'a step on several targets that has not completed on all of them runs on the others alone; every other step runs as if for the first time',
  }),
  parameters: jsonObject.default({}).meta({ description: 'the secret ones, which have to be given anew; all others stay' }),
});

const asked = {
  from: z.array(z.string().max(200)).min(1).max(LIMITS.steps).nullable().default(null).meta({
    description: 'steps to run again, with everything that depends on them; when absent what had not completed',
  }),
  everything: z.boolean().default(false).meta({ description: 'every step runs again, in place of `from`; nothing is kept' }),
  failed_items_only: z.boolean().default(false).meta({ description: 'a step in parts keeps those that completed' }),
  ...VERSION,
  version: VERSION.version.meta({ description: 'the run’s own when absent, never silently the current one' }),
  parameters: jsonObject.default({}).meta({ description: 'instead of those of the run before; all others stay' }),
  without: z
    .array(z.string().max(200))
    .max(LIMITS.parameters)
    .default([])
    .meta({ description: 'parameters of the run before that are not given any more' }),
};

const Rerun = z.strictObject({ reason, ...asked });

/** Running again what has run: all of it, or from a step on, and how such runs hang together. */
export const reruns = new Hono<Env>()
  .post(
    '/:id/retry',
    can('run:start'),
    describe({
      tag: 'runs',
      summary: 'Start a new run of the same version with the same parameters; with the same `Idempotency-Key` and body it is the same run',
      answers: { 202: RunView },
    }),
    body(Retry),
    async (c) => {
      const { services } = c.var;
      const { reason, only, parameters } = c.req.valid('json');
      const idempotency = idempotencyOf(c, { reason: reason ?? null, only, parameters });
      const run = await requireRun(services, c.req.param('id'));
      const again = await retryRun(services, run, { reason: reason ?? null, only, parameters }, auditOf(c, reason), idempotency);
      c.header('Location', c.req.path.replace(/[^/]+\/retry$/, again.id));
      return c.json(viewOfRun(again, services, signedIn(c)), 202);
    },
  )
  .post(
    '/:id/rerun',
    can('run:start'),
    describe({
      tag: 'runs',
      summary:
        'Start a new run that keeps the results of an ended one as far as they still hold, and says what it keeps and why the rest runs; with the same `Idempotency-Key` and body it is the same run',
      answers: { 202: RunView },
    }),
    body(Rerun),
    async (c) => {
      const { services } = c.var;
      const { reason, ...given } = c.req.valid('json');
      const idempotency = idempotencyOf(c, { reason: reason ?? null, ...given });
      const run = await requireRun(services, c.req.param('id'));
      const again = await prepareRerun(services, run, await askOf(services, run, given));
      const started = await startRun(
        services,
        {
          id: run.job_id,
          version: again.version,
          name: run.job,
          title: again.definition.title ?? null,
          active: again.active,
          inTrash: again.inTrash,
          sample: run.sample,
          plan: again.plan,
          definition: again.definition,
        },
        {
          parameters: again.parameters,
          warnings: again.warnings,
          target: again.target,
          steps: again.steps,
          onlyTargets: again.onlyTargets,
          schedule: again.schedule,
          timezone: again.schedule ? run.timezone : null,
          client: run.client,
          ref_num: run.ref_num,
          message: reason ?? null,
          priority: run.priority,
          trigger: 'rerun',
          rerun: { kept: again.rerun, states: again.states },
        },
        auditOf(c, reason),
        idempotency,
      );
      c.header('Location', c.req.path.replace(/[^/]+\/rerun$/, started.id));
      return c.json(viewOfRun(started, services, signedIn(c)), 202);
    },
  )
  .post(
    '/:id/rerun/preview',
    can('run:start'),
    describe({
      tag: 'runs',
      summary:
        'What such a re-run would keep and execute, and what it is to be given; starts nothing, and secret parameters need not be given yet',
      answers: { 200: RerunPreview },
    }),
    body(z.strictObject(asked)),
    async (c) => {
      const { services } = c.var;
      const run = await requireRun(services, c.req.param('id'));
      return c.json(await foreseeRerun(services, run, await askOf(services, run, c.req.valid('json'))));
    },
  )
  .get(
    '/:id/lineage',
    can('run:read'),
    describe({
      tag: 'runs',
      summary: 'The runs that this one came from and those that came from it, as a tree: retries, re-runs, sub-runs and chains',
      answers: { 200: Lineage },
    }),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      return c.json(await findLineage(c.var.services.database.sql, run.project, run.id));
    },
  );

async function askOf(services: Services, run: RunWithPlan, given: z.output<z.ZodObject<typeof asked>>): Promise<RerunAsk> {
  const { version, tag, failed_items_only, ...rest } = given;
  return { ...rest, failedItemsOnly: failed_items_only, version: await versionAsked(services, run.job, { version, tag }) };
}
