import { Hono } from 'hono';
import { z } from 'zod';
import { findJob } from '#db/queries/find-job.ts';
import { LIMITS } from '#jobs/limits.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { planAhead } from '../runs/plan-ahead.ts';
import { StartTarget } from '../runs/start-target.ts';
import { VERSION, versionAsked } from '../runs/version-asked.ts';
import { json, jsonObject } from '../views/json.ts';

const Lock = z.object({ key: z.string(), max: z.number(), on_conflict: z.string() });
const Part = z.object({
  key: z.string(),
  target: z.string().nullable(),
  item: json,
  config: jsonObject,
  later: z.array(z.string()).meta({ description: 'pointers into config to what is decided at run time, and stands as it is written' }),
});
const Step = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  needs: z.array(z.string()),
  on: z.enum(['steps', 'failure', 'cancel', 'undo']),
  runs: z.enum(['yes', 'no', 'later']).meta({ description: 'later: decided at run time' }),
  why: z.string().nullable(),
  parts: z.array(Part).nullable().meta({ description: 'null: how many there are is decided at run time' }),
  parts_total: z.number().nullable(),
  max_parallel: z.number().nullable(),
  locks: z.array(Lock),
  rate: z.string().nullable(),
  secrets: z.record(z.string(), z.string()),
  error: z.string().nullable(),
  usual_ms: z.number().nullable(),
});

const PlanView = z
  .object({
    id: z.string(),
    job: z.string(),
    version: z.number(),
    hash: z.string().meta({ description: 'of everything the run would do; a start with this plan is refused once it is another' }),
    parameters: jsonObject,
    locks: z.array(Lock),
    steps: z.array(Step),
    estimate_ms: z.number().nullable().meta({ description: 'from what the steps usually took' }),
    warnings: z.array(z.string()),
    since_last: z
      .object({
        run: z.string(),
        number: z.number(),
        status: z.string(),
        version: z.object({ before: z.number().nullable(), now: z.number() }).nullable(),
        parameters: z.array(z.string()),
        targets: z.array(z.object({ step: z.string(), added: z.array(z.string()), removed: z.array(z.string()) })),
      })
      .nullable()
      .meta({ description: 'how this differs from the job’s last run' }),
  })
  .meta({ id: 'Plan' });

const Ask = z.strictObject({
  parameters: jsonObject.default({}),
  target: StartTarget,
  steps: z.array(z.string().max(200)).min(1).max(LIMITS.steps).nullable().default(null),
  ...VERSION,
});

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
    const { row, usual_ms, estimate_ms, warnings, since_last } = await planAhead(services, job, ask, signedIn(c).actor);
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
        since_last,
      }) as unknown as z.infer<typeof PlanView>,
    );
  },
);
