import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { v7 as uuidv7 } from 'uuid';
import type { Audit } from '#db/audit.ts';
import type { JobAtVersion } from '#db/queries/find-job.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { type Idempotency, insertRun } from '#db/queries/insert-run.ts';
import type { Trigger } from '#db/schema/runs.ts';
import type { JsonObject } from '#jobs/json.ts';
import { resolveParameters } from '#jobs/parameters.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import type { RunInput } from '#workflows/messages.ts';
import type { Env } from '../env.ts';
import { conflict, HttpProblem } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { requireRun } from './run-view.ts';
import { refuseTarget } from './start-target.ts';

/** What a start may say beside the job. */
export interface StartOptions {
  readonly parameters: JsonObject;
  /** Null: the definition's. */
  readonly target: TargetChoice | null;
  /** By step id; see `RunInput`. */
  readonly onlyTargets?: RunInput['onlyTargets'] | undefined;
  readonly client: string | null;
  readonly ref_num: string | null;
  readonly message: string | null;
  /** Null: the job's. */
  readonly priority: number | null;
  readonly trigger: Trigger;
  readonly retry_of?: string;
  readonly retry_count?: number;
}

/** As much of a job at one version as a start needs; without an id it is a definition of the run's own. */
type StartableJob = Pick<JobAtVersion, 'name' | 'title' | 'active' | 'sample' | 'plan' | 'definition'> & {
  readonly id: string | null;
  readonly version: number | null;
};

/** Accepts a run of this version and starts it if Temporal is there. The same idempotency key and request give the same run. */
export async function startRun(
  services: Services,
  job: StartableJob,
  options: StartOptions,
  audit: Audit,
  idempotency: Idempotency | null,
): Promise<RunWithPlan> {
  if (!job.active) throw conflict(`job ${job.name} is switched off`);
  const { plan, definition } = job;
  if (options.target !== null) refuseTarget(options.target, definition);
  const input: RunInput = {
    run: uuidv7(),
    project: PROJECT,
    plan: options.priority === null ? plan : { ...plan, priority: options.priority },
    parameters: resolveParameters(definition.parameters, options.parameters),
    target: options.target ?? definition.target ?? null,
    ...(options.onlyTargets && { onlyTargets: options.onlyTargets }),
  };
  const inserted = await insertRun(
    services.database.sql,
    {
      input,
      job_id: job.id,
      version: job.version,
      definition: job.id === null ? definition : null,
      title: job.title,
      message: options.message,
      client: options.client,
      ref_num: options.ref_num,
      priority: input.plan.priority,
      timezone: plan.timezone,
      trigger: options.trigger,
      created_by: audit.actor,
      retry_of: options.retry_of ?? null,
      retry_count: options.retry_count ?? 0,
      sample: job.sample,
    },
    audit,
    idempotency,
  );
  if (inserted.outcome === 'known') return requireRun(services, inserted.run);
  await services.launchRun(input);
  return { ...inserted.row, plan };
}

const KEY = /^[\x20-\x7e]{1,255}$/;

/** The idempotency key this start carries, bound to all it asks for; null without one. Throws 400 for a key that is not one. */
export function idempotencyOf(c: Context<Env>, request: object): Idempotency | null {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  if (!KEY.test(key)) throw new HttpProblem(400, 'Idempotency-Key: expected 1 to 255 printable ASCII characters');
  const body_hash = createHash('sha256')
    .update(JSON.stringify([c.req.path, request]))
    .digest('hex');
  return { key, body_hash };
}
