import { Hono } from 'hono';
import { z } from 'zod';
import { findJob } from '#db/queries/find-job.ts';
import { LIMITS } from '#jobs/limits.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { prepareOwnDefinition } from '../definitions.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { planAhead, planDraft } from '../runs/plan-ahead.ts';
import { StartTarget } from '../runs/start-target.ts';
import { VERSION, versionAsked } from '../runs/version-asked.ts';
import { jsonObject } from '../views/json.ts';
import { DraftPlanView, PlanView } from '../views/plan.ts';

const Ask = z.strictObject({
  parameters: jsonObject.default({}),
  target: StartTarget,
  steps: z.array(z.string().max(200)).min(1).max(LIMITS.steps).nullable().default(null),
  ...VERSION,
});

const AskDraft = z.strictObject({
  source: z.string().meta({ description: 'the definition, YAML or JSON; it is not saved' }),
  parameters: jsonObject.default({}),
  target: StartTarget,
});

/** What a run of a definition that is being written would do. */
export const draftPlans = new Hono<Env>().post(
  '/plan',
  can('run:start'),
  describe({
    tag: 'jobs',
    summary: 'What a run of a definition would do that is not saved; nothing is executed or kept',
    answers: { 200: DraftPlanView },
  }),
  body(AskDraft),
  async (c) => {
    const { source, ...ask } = c.req.valid('json');
    const drawn = prepareOwnDefinition(undefined, source);
    const { ahead, parameters, warnings, closed } = await planDraft(c.var.services, drawn, { ...ask, steps: null });
    const steps = ahead.steps.map((step) => ({ ...step, usual_ms: null }));
    const answer = { job: drawn.definition.name, parameters, locks: ahead.locks, steps, warnings, closed };
    return c.json(structuredClone(answer) as unknown as z.infer<typeof DraftPlanView>);
  },
);

/** What a run of a job would do, before it does it. */
export const plans = new Hono<Env>().post(
  '/:name/plan',
  can('run:start'),
  describe({
    tag: 'jobs',
    summary:
      'What a run would do: each command on each target, conditions, locks, how long; nothing is executed. Start exactly that with `plan`',
    answers: { 200: PlanView },
  }),
  body(Ask),
  async (c) => {
    const { services } = c.var;
    const { version: asked, tag, ...ask } = c.req.valid('json');
    const name = c.req.param('name');
    const job = await findJob(services.database.sql, PROJECT, name, await versionAsked(services, name, { version: asked, tag }));
    if (!job) throw notFound(`no job ${name}`);
    const { row, usual_ms, estimate_ms, warnings, closed, since_last } = await planAhead(services, job, ask, signedIn(c).actor);
    const { id, version, hash, parameters, ahead } = row;
    const steps = ahead.steps.map((step) => ({ ...step, usual_ms: usual_ms[step.id] ?? null }));
    return c.json(
      structuredClone({
        id,
        job: name,
        version,
        hash,
        parameters,
        locks: ahead.locks,
        steps,
        estimate_ms,
        warnings,
        closed,
        since_last,
      }) as unknown as z.infer<typeof PlanView>,
    );
  },
);
