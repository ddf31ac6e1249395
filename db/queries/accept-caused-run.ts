import { v7 as uuidv7 } from 'uuid';
import { runChecks } from '#jobs/checks.ts';
import type { JsonObject } from '#jobs/json.ts';
import { takeParameters } from '#jobs/parameters.ts';
import { errorAt, InvalidInput, pointerTo } from '#jobs/problem.ts';
import type { RunInput } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';
import type { JobAtVersion } from './find-job.ts';
import { type Idempotency, type InsertedRun, insertRun, type NewRun } from './insert-run.ts';
import { pinSubJobs } from './pin-sub-jobs.ts';

/** What another run caused, and how. */
export type Cause = Pick<NewRun, 'trigger' | 'created_by' | 'message' | 'parent' | 'chain_source' | 'chain_depth'> & {
  readonly project: string;
  /** Whom the run tells of its end. */
  readonly tells?: RunInput['parent'] | undefined;
};

/** A run that was accepted, with what its workflow starts with. */
export interface CausedRun {
  readonly inserted: InsertedRun;
  readonly input: RunInput;
}

/** Accepts a run of this version that another run has caused; it is started by whoever asked, or by the relay. Throws InvalidInput for parameters that do not fit and for checks that forbid it. */
export const acceptCausedRun = async (
  sql: Queryable,
  job: JobAtVersion,
  given: JsonObject,
  { project, tells, ...cause }: Cause,
  idempotency: Idempotency | null = null,
): Promise<CausedRun> => {
  const { plan, definition } = job;
  const { parameters, secrets } = takeParameters(definition.parameters, given);
  const open = Object.keys(secrets).map((name) => errorAt(pointerTo('/parameters', name), 'is secret, and no run can hand it to another'));
  if (open.length > 0) throw new InvalidInput(open);
  const { problems, warnings } = runChecks(definition, parameters);
  if (problems.length > 0) throw new InvalidInput(problems);
  const subJobs = await pinSubJobs(sql, project, plan);
  const input: RunInput = {
    run: uuidv7(),
    project,
    plan,
    parameters,
    target: definition.target ?? null,
    people: { started_by: cause.created_by, edited_by: job.author },
    ...(subJobs && { subJobs }),
    ...(tells && { parent: tells }),
  };
  const accepted: NewRun = {
    input,
    job_id: job.id,
    version: job.version,
    title: job.title,
    client: null,
    ref_num: null,
    priority: plan.priority,
    timezone: plan.timezone,
    sample: job.sample,
    warnings,
    ...cause,
  };
  const inserted = await insertRun(sql, accepted, { actor: cause.created_by, request_id: null, reason: cause.message }, idempotency);
  return { inserted, input };
};
