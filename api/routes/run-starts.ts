import { Hono } from 'hono';
import { z } from 'zod';
import { findJob } from '#db/queries/find-job.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { viewOfRun } from '../runs/run-view.ts';
import { idempotencyOf, startRun } from '../runs/start-run.ts';
import { jsonObject } from '../views/json.ts';
import { RunView } from '../views/run.ts';

const Start = z.strictObject({
  parameters: jsonObject.default({}),
  target: z.string().min(1).max(100).nullable().default(null).meta({ description: 'of steps that need one and name none' }),
  client: z.string().min(1).max(200).nullable().default(null),
  ref_num: z.string().min(1).max(200).nullable().default(null),
  message: z.string().max(1000).nullable().default(null),
  priority: z.int().min(1).max(10).nullable().default(null).meta({ description: '1 most urgent; the job’s when absent' }),
  version: z.int().min(1).max(2_147_483_647).nullable().default(null).meta({ description: 'the current one when absent' }),
});

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
    const { version, ...options } = c.req.valid('json');
    const name = c.req.param('name');
    const idempotency = idempotencyOf(c, { version, ...options });
    const job = await findJob(services.database.sql, PROJECT, name, version);
    if (!job) throw notFound(version === null ? `no job ${name}` : `no version ${version} of a job ${name}`);
    const identity = signedIn(c);
    const run = await startRun(
      services,
      job,
      { ...options, trigger: identity.kind === 'token' ? 'api' : 'manual' },
      auditOf(c, options.message),
      idempotency,
    );
    c.header('Location', c.req.path.replace(/jobs\/[^/]+\/runs$/, `runs/${run.id}`));
    return c.json(viewOfRun(run, services, identity), 202);
  },
);
