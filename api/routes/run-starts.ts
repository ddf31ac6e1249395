import { Hono } from 'hono';
import { z } from 'zod';
import { findJob, type JobAtVersion } from '#db/queries/find-job.ts';
import { LIMITS } from '#jobs/limits.ts';
import { allSteps, type Plan } from '#jobs/plan.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { type Identity, signedIn } from '../access/identity.ts';
import { prepareOwnDefinition } from '../definitions.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { onlySecret } from '../runs/earlier-inputs.ts';
import { planToFollow } from '../runs/plan-ahead.ts';
import { viewOfRun } from '../runs/run-view.ts';
import { idempotencyOf, orMadeBefore, type StartOptions, startRun } from '../runs/start-run.ts';
import { StartTarget } from '../runs/start-target.ts';
import { VERSION, versionAsked } from '../runs/version-asked.ts';
import type { Services } from '../services.ts';
import { jsonObject } from '../views/json.ts';
import { RunView } from '../views/run.ts';

const OPTIONS = {
  parameters: jsonObject.default({}),
  target: StartTarget,
  client: z.string().min(1).max(200).nullable().default(null),
  ref_num: z.string().min(1).max(200).nullable().default(null),
  message: z.string().max(1000).nullable().default(null),
  priority: z.int().min(1).max(10).nullable().default(null).meta({ description: '1 most urgent; the definition’s when absent' }),
  scheduled_for: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .meta({ description: 'when it is to start, at most a year ahead; until then it may be cancelled' }),
  steps: z
    .array(z.string().max(200))
    .min(1)
    .max(LIMITS.steps)
    .nullable()
    .default(null)
    .meta({ description: 'the only steps that run; what they need of others counts as done' }),
};

const Start = z.strictObject({
  ...OPTIONS,
  ...VERSION,
  plan: z.uuid().nullable().default(null).meta({
    description: 'start exactly what this plan says, with its parameters and target; only secret parameters are given beside it',
  }),
});

const StartOwn = z.strictObject({
  ...OPTIONS,
  definition: jsonObject.optional().meta({ description: 'a definition like that of a job, of which no job is made' }),
  source: z.string().optional().meta({ description: 'or its text, YAML or JSON' }),
});

/** Starting a definition that is no job. */
export const ownRunStarts = new Hono<Env>().post(
  '/',
  can('run:start'),
  describe({
    tag: 'runs',
    summary: 'Run a definition that is not saved as a job; with the same `Idempotency-Key` and body it is the same run',
    answers: { 202: RunView },
  }),
  body(StartOwn),
  async (c) => {
    const { services } = c.var;
    const { definition: given, source, ...options } = c.req.valid('json');
    const idempotency = idempotencyOf(c, { given, source, ...options });
    const { definition, plan } = prepareOwnDefinition(given, source);
    const identity = signedIn(c);
    refuseAuthorsOwn(identity, plan);
    const run = await startRun(
      services,
      { id: null, version: null, name: definition.name, title: definition.title ?? null, active: true, sample: false, plan, definition },
      { ...options, trigger: identity.kind === 'token' ? 'api' : 'manual' },
      auditOf(c, options.message),
      idempotency,
    );
    c.header('Location', `${c.req.path}/${run.id}`);
    return c.json(viewOfRun(run, services, identity), 202);
  },
);

/** Whoever may only start runs does not come by secrets, or onto a worker's own machine, by a definition that no author of jobs has seen. */
export function refuseAuthorsOwn({ actor, permissions }: Identity, plan: Plan): void {
  if (permissions.has('job:edit')) return;
  const step = allSteps(plan).find(({ queue, secrets }) => queue === 'local' || Object.keys(secrets).length > 0);
  if (step === undefined) return;
  const what = step.queue === 'local' ? 'runs on the worker’s own machine' : 'binds secrets';
  throw new HttpProblem(
    403,
    `${actor} lacks the permission job:edit, which a definition of one’s own needs where a step ${what}: ${step.id}`,
  );
}

/** Starting a job. */
export const runStarts = new Hono<Env>().post(
  '/:name/runs',
  can('run:start'),
  describe({
    tag: 'runs',
    summary: 'Start a run; with the same `Idempotency-Key` and body it is the same run, with another body a conflict',
    answers: { 202: RunView },
  }),
  body(Start),
  async (c) => {
    const { services } = c.var;
    const { version: asked, tag, plan, ...given } = c.req.valid('json');
    const name = c.req.param('name');
    const idempotency = idempotencyOf(c, { version: asked, tag, plan, ...given });
    const identity = signedIn(c);
    const audit = auditOf(c, given.message);
    const run = await orMadeBefore(services, audit, idempotency, async () => {
      const version = await versionAsked(services, name, { version: asked, tag });
      const job = await findJob(services.database.sql, PROJECT, name, version);
      if (!job) throw notFound(version === null ? `no job ${name}` : `no version ${version} of a job ${name}`);
      const options = plan === null ? given : { ...given, ...(await asPlanned(services, job, plan, given)) };
      return startRun(services, job, { ...options, trigger: identity.kind === 'token' ? 'api' : 'manual' }, audit, idempotency);
    });
    c.header('Location', c.req.path.replace(/jobs\/[^/]+\/runs$/, `runs/${run.id}`));
    return c.json(viewOfRun(run, services, identity), 202);
  },
);

/** What a plan says a run starts with. Throws 422 when something else is asked for beside it. */
async function asPlanned(
  services: Services,
  job: JobAtVersion,
  plan: string,
  { parameters, target, steps }: Pick<StartOptions, 'parameters' | 'target' | 'steps'>,
) {
  if (target !== null || steps) throw new HttpProblem(422, 'plan: says which targets and steps; ask for others with a plan of their own');
  const row = await planToFollow(services, job, plan);
  return { parameters: { ...row.parameters, ...onlySecret(parameters, job.definition) }, target: row.target, steps: row.steps };
}
