import { v7 as uuidv7 } from 'uuid';
import { runChecks } from '#jobs/checks.ts';
import type { JsonObject } from '#jobs/json.ts';
import { takeParameters } from '#jobs/parameters.ts';
import { errorAt, InvalidInput, pointerTo } from '#jobs/problem.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import type { RunInput } from '#workflows/messages.ts';
import type { Queryable } from '../client.ts';
import type { JobAtVersion } from './find-job.ts';
import { type Idempotency, type InsertedRun, insertRun, type NewRun } from './insert-run.ts';
import { pinSubJobs } from './pin-sub-jobs.ts';
import { placeInQueues } from './queues/place-in-queues.ts';

/** What caused a run, if no person did: another run, or a schedule. */
export type Cause = Pick<
  NewRun,
  'trigger' | 'created_by' | 'message' | 'parent' | 'chain_source' | 'chain_depth' | 'schedule' | 'isUnderWay' | 'retry_of' | 'retry_count'
> & {
  readonly project: string;
  /** What its input has beside what the job gives it: whom it tells of its end, the workflow that it is. */
  readonly input?: Pick<RunInput, 'parent' | 'workflowId' | 'schedule'>;
  /** In place of a new id, in place of the job's. */
  readonly run?: string;
  readonly target?: TargetChoice | undefined;
  readonly client?: string | null;
  readonly priority?: number | null;
  readonly timezone?: string | null;
};

/** A run that was accepted, with what its workflow starts with. */
export interface CausedRun {
  readonly inserted: InsertedRun;
  readonly input: RunInput;
}

/** Accepts a run of this version that something else than a person has caused; it is started by whoever asked, or by the relay. Throws InvalidInput for parameters that do not fit and for checks that forbid it. */
export const acceptCausedRun = async (
  sql: Queryable,
  job: JobAtVersion,
  given: JsonObject,
  cause: Cause,
  idempotency: Idempotency | null = null,
): Promise<CausedRun> => {
  const run = await causedRun(sql, job, given, cause);
  const inserted = await insertRun(sql, run, { actor: cause.created_by, request_id: null, reason: cause.message }, idempotency);
  return { inserted, input: run.input };
};

/** As much of a job at one version as its run depends on. */
type CausedJob = Pick<JobAtVersion, 'id' | 'version' | 'title' | 'name' | 'definition' | 'plan' | 'author' | 'sample'>;

/** The run that `acceptCausedRun` would accept, with the same refusals. */
export const causedRun = async (sql: Queryable, job: CausedJob, given: JsonObject, cause: Cause): Promise<NewRun> => {
  const { project, input: more, run, target, client = null, priority = null, timezone = null, ...rest } = cause;
  const { definition } = job;
  const plan = priority === null ? job.plan : { ...job.plan, priority };
  const { parameters, secrets } = takeParameters(definition.parameters, given);
  const open = Object.keys(secrets).map((name) => errorAt(pointerTo('/parameters', name), 'is secret, and no run can hand it to another'));
  if (open.length > 0) throw new InvalidInput(open);
  const { problems, warnings } = runChecks(definition, parameters, more?.schedule);
  if (problems.length > 0) throw new InvalidInput(problems);
  const subJobs = await pinSubJobs(sql, project, plan);
  const place = { timezone: timezone ?? plan.timezone, client };
  const input: RunInput = {
    run: run ?? uuidv7(),
    project,
    plan,
    parameters,
    target: target ?? definition.target ?? null,
    people: { started_by: cause.created_by, edited_by: job.author },
    ...(subJobs && { subJobs }),
    ...(await placeInQueues(sql, { project, ...place })),
    ...more,
  };
  return {
    input,
    job_id: job.id,
    version: job.version,
    title: job.title,
    ref_num: null,
    priority: plan.priority,
    ...place,
    sample: job.sample,
    warnings,
    ...rest,
  };
};
