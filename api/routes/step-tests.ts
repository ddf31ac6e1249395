import { Hono } from 'hono';
import { z } from 'zod';
import { findEarlierSteps } from '#db/queries/earlier-steps.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import { LIMITS } from '#jobs/limits.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { givenInputs, onlyStep } from '#jobs/step-test.ts';
import { didYouMean } from '#jobs/suggest.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { prepareOwnDefinition } from '../definitions.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { HttpProblem } from '../problem.ts';
import { requireRun, viewOfRun } from '../runs/run-view.ts';
import { idempotencyOf, startRun } from '../runs/start-run.ts';
import { StartTarget } from '../runs/start-target.ts';
import { jsonObject } from '../views/json.ts';
import { RunView } from '../views/run.ts';
import { refuseAuthorsOwn } from './run-starts.ts';

const Ask = z.strictObject({
  source: z.string().meta({ description: 'the definition, YAML or JSON; it is not saved' }),
  step: z.string().min(1).max(200).meta({ description: 'the only step that is carried out' }),
  parameters: jsonObject.default({}),
  target: StartTarget,
  outputs: z
    .record(z.string().max(200), jsonObject)
    .default({})
    .meta({ description: 'by step: what steps before it are taken to have handed on' }),
  from_run: z.uuid().nullable().default(null).meta({ description: 'the run whose steps have handed on what is not given' }),
});

/** Trying one step of a definition that is being written. */
export const stepTests = new Hono<Env>().post(
  '/test-step',
  can('run:start'),
  describe({
    tag: 'jobs',
    summary:
      'Carry out one step of a definition as a run of its own, marked `test`, with given or recorded outputs of the steps before it; with the same `Idempotency-Key` and body it is the same run',
    answers: { 202: RunView },
  }),
  body(Ask),
  async (c) => {
    const { services } = c.var;
    const { source, step, parameters, target, outputs, from_run } = c.req.valid('json');
    const whole = prepareOwnDefinition(undefined, source).definition;
    refuseUnknown(whole, step);
    const { definition, plan } = prepareOwnDefinition(onlyStep(whole, step), undefined);
    const identity = signedIn(c);
    refuseAuthorsOwn(identity, plan);
    if (from_run !== null && !identity.permissions.has('run:read')) {
      throw new HttpProblem(403, `${identity.actor} lacks the permission run:read, which outputs that a run recorded need`);
    }
    const rows = from_run === null ? [] : await findEarlierSteps(services.database.sql, (await requireRun(services, from_run)).id);
    const run = await startRun(
      services,
      { id: null, version: null, name: definition.name, title: definition.title ?? null, active: true, sample: false, plan, definition },
      {
        parameters,
        target,
        client: null,
        ref_num: null,
        message: null,
        priority: null,
        steps: [step],
        given: givenInputs(plan, step, rows, outputs),
        trigger: 'test',
      },
      auditOf(c, `test of step ${step}`),
      idempotencyOf(c, c.req.valid('json')),
    );
    c.header('Location', c.req.path.replace(/jobs\/test-step$/, `runs/${run.id}`));
    return c.json(viewOfRun(run, services, identity), 202);
  },
);

function refuseUnknown({ steps }: JobDefinition, wanted: string): void {
  const known = steps.slice(0, LIMITS.steps).map(({ id }) => id);
  if (known.includes(wanted)) return;
  throw new InvalidInput([errorAt('/step', `there is no step ${JSON.stringify(wanted)}${didYouMean(wanted, known)}`, { value: wanted })]);
}
