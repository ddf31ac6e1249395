import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from '#db/audit.ts';
import type { Database, Sql } from '#db/client.ts';
import { NotFound } from '#db/conflicts.ts';
import { acceptCausedRun } from '#db/queries/accept-caused-run.ts';
import { hasAsked } from '#db/queries/bulk.ts';
import { deleteJob } from '#db/queries/delete-job.ts';
import { deleteRun } from '#db/queries/delete-run.ts';
import { findAuthor } from '#db/queries/find-author.ts';
import { findJob, findJobVersion } from '#db/queries/find-job.ts';
import { findOwedStart } from '#db/queries/find-owed-start.ts';
import { findRun, findRunInput, type RunWithPlan } from '#db/queries/find-run.ts';
import { insertRun } from '#db/queries/insert-run.ts';
import { jobStanding } from '#db/queries/job-standing.ts';
import { pinSubJobs } from '#db/queries/pin-sub-jobs.ts';
import { placeInQueues } from '#db/queries/queues/place-in-queues.ts';
import { switchJob } from '#db/queries/switch-job.ts';
import { withdrawRun } from '#db/queries/withdraw-run.ts';
import type { JobBulkAction, RunBulkAction } from '#jobs/bulk.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { unchosenSteps } from '#jobs/unchosen-steps.ts';
import { cancelWorkflow } from '#platform/temporal/cancel-workflow.ts';
import { CANCEL_SIGNAL, PAUSE_SIGNAL, RESUME_SIGNAL, type RunInput } from '#workflows/messages.ts';

/** One subject of an operation, and on whose behalf. */
export interface BulkOrder {
  readonly project: string;
  readonly subject: string;
  readonly audit: Audit;
  /** Never the same for two subjects of two operations, so that doing it twice does it once. */
  readonly key: string;
}

export interface BulkDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly client: Client;
  readonly launch: (input: RunInput) => Promise<void>;
}

/** Why a subject was left as it was, in a sentence. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}

/** Does it to one subject; answers with the run that was made, if one was. */
type Act = (order: BulkOrder, deps: BulkDeps) => Promise<string | null>;

export const RUN_ACTS: { readonly [action in RunBulkAction]: Act } = {
  cancel: async (order, deps) => {
    const run = await knownRun(order, deps);
    if (run.status === 'cancelled' && (await isRepeat(order, deps, 'run.cancel'))) return null;
    refuseEnded(run, 'cancelled');
    const { sql } = deps.database;
    await writeAudit(sql, order.audit, {
      project: run.project,
      action: 'run.cancel',
      subject_kind: 'run',
      subject: run.id,
      after: { outcome: 'asked' },
    });
    if ((await findOwedStart(sql, run.id)) && (await withdrawRun(sql, run.project, run.id, order.audit))) return null;
    const { actor, reason = null } = order.audit;
    if (await cancelWorkflow(deps.client, run.workflow_id, { signal: CANCEL_SIGNAL, by: { actor, reason } })) return null;
    throw new NotDone(`run #${run.number} has just ended`);
  },
  pause: (order, deps) => signal(order, deps, 'pause', PAUSE_SIGNAL),
  resume: (order, deps) => signal(order, deps, 'resume', RESUME_SIGNAL),
  retry,
  delete: (order, deps) => away(order, deps, 'run.delete', () => deleteRun(deps.database.sql, order.project, order.subject, order.audit)),
};

export const JOB_ACTS: { readonly [action in JobBulkAction]: Act } = {
  activate: (order, deps) => switched(order, deps, true),
  deactivate: (order, deps) => switched(order, deps, false),
  delete: (order, deps) =>
    away(order, deps, 'job.delete', () =>
      deleteJob(deps.database.sql, { project: order.project, name: order.subject, audit: order.audit }),
    ),
  run: async ({ project, subject, audit, key }, { database, launch }) => {
    const job = await findJob(database.sql, project, subject);
    if (!job) throw new NotDone(`there is no job ${subject}`);
    if (!job.active) throw new NotDone(`job ${subject} is switched off`);
    const cause = { project, trigger: 'bulk', created_by: audit.actor, message: audit.reason ?? null } as const;
    const { inserted, input } = await acceptCausedRun(database.sql, job, {}, cause, { key, body_hash: key });
    if (inserted.outcome === 'created') await launch(input);
    return inserted.run;
  },
};

async function knownRun({ project, subject }: BulkOrder, { database }: BulkDeps): Promise<RunWithPlan> {
  const run = await findRun(database.sql, project, subject);
  if (!run) throw new NotDone('it is not there any more');
  return run;
}

function refuseEnded({ number, status }: RunWithPlan, verb: string): void {
  if (hasEnded(status)) throw new NotDone(`run #${number} is ${status}; only a run that has not ended can be ${verb}`);
}

/** Whether this operation has done it before, and its worker died before it could say so. */
const isRepeat = ({ project, subject, audit }: BulkOrder, { database }: BulkDeps, action: string): Promise<boolean> =>
  hasAsked(database.sql, { project, action, kind: action.split('.')[0] ?? '', subject, request: audit.request_id ?? '' });

async function away(order: BulkOrder, deps: BulkDeps, action: string, remove: () => Promise<void>): Promise<null> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof NotFound && (await isRepeat(order, deps, action)))) throw error;
  }
  return null;
}

async function signal(order: BulkOrder, deps: BulkDeps, move: 'pause' | 'resume', name: string): Promise<null> {
  const run = await knownRun(order, deps);
  refuseEnded(run, `${move}d`);
  if (run.status === 'scheduled') throw new NotDone(`run #${run.number} is scheduled and has nothing to ${move} yet`);
  if ((run.status === 'paused') === (move === 'pause')) {
    if (await isRepeat(order, deps, `run.${move}`)) return null;
    throw new NotDone(`run #${run.number} is ${run.status}`);
  }
  const { actor, reason = null } = order.audit;
  await writeAudit(deps.database.sql, order.audit, {
    project: run.project,
    action: `run.${move}`,
    subject_kind: 'run',
    subject: run.id,
    after: { outcome: 'asked' },
  });
  try {
    await deps.client.workflow.getHandle(run.workflow_id).signal(name, { actor, reason });
  } catch (error) {
    // One that is still to be started is told with the next try.
    if (!(error instanceof WorkflowNotFoundError) || (await findOwedStart(deps.database.sql, run.id))) throw error;
    throw new NotDone(`run #${run.number} has just ended`);
  }
  return null;
}

async function refuseOff({ job, job_id }: RunWithPlan, { database }: BulkDeps): Promise<void> {
  const standing = await jobStanding(database.sql, job_id);
  if (standing !== 'on') throw new NotDone(`job ${job} is ${standing === 'off' ? 'switched off' : 'in the trash'}`);
}

/** What a run followed, what it began with, and who wrote it. */
async function followedBy(sql: Sql, run: RunWithPlan) {
  const version = run.job_id && run.version ? await findJobVersion(sql, run.job_id, run.version) : null;
  const own = await findRunInput(sql, run.id);
  const plan = version?.plan ?? own?.plan;
  const definition = version?.definition ?? own?.definition;
  if (!plan || !definition) throw new NotDone(`run #${run.number} has no stored version of its job`);
  const edited_by = version?.author ?? (await findAuthor(sql, { job_id: null, version: null, earlier: run.id }));
  return { plan, definition, own, edited_by };
}

/** The run again: same version, parameters and targets, and the steps that were chosen. */
async function retry(order: BulkOrder, deps: BulkDeps): Promise<string> {
  const { project, audit, key } = order;
  const { sql } = deps.database;
  const run = await knownRun(order, deps);
  if (!hasEnded(run.status)) throw new NotDone(`run #${run.number} is ${run.status}; only a run that has ended is run again`);
  await refuseOff(run, deps);
  const { plan, definition, own, edited_by } = await followedBy(sql, run);
  const secret = Object.entries(definition.parameters ?? {}).find(([, schema]) => schema.secret === true)?.[0];
  if (secret !== undefined) throw new NotDone(`parameter ${secret} is secret and has to be given anew; retry run #${run.number} by itself`);
  const steps = own?.steps ?? null;
  const unchosen = unchosenSteps(plan, steps);
  const subJobs = await pinSubJobs(sql, project, plan);
  const { timezone, client } = run;
  const input: RunInput = {
    run: uuidv7(),
    project,
    plan: { ...plan, priority: run.priority },
    parameters: run.parameters,
    target: own?.target ?? run.target,
    people: { started_by: audit.actor, edited_by },
    ...(steps && { resume: { steps: unchosen } }),
    ...(own?.only_targets && { onlyTargets: own.only_targets }),
    ...(subJobs && { subJobs }),
    ...(await placeInQueues(sql, { project, timezone, client })),
  };
  const accepted = {
    input,
    job_id: run.job_id,
    version: run.version,
    definition: run.job_id === null ? definition : null,
    title: run.title,
    message: audit.reason ?? null,
    client,
    ref_num: run.ref_num,
    priority: run.priority,
    timezone,
    trigger: 'retry',
    created_by: audit.actor,
    retry_of: run.id,
    retry_count: run.retry_count + 1,
    sample: run.sample,
    steps,
  } as const;
  const inserted = await insertRun(sql, accepted, audit, { key, body_hash: key });
  if (inserted.outcome === 'created') await deps.launch(input);
  return inserted.run;
}

async function switched({ project, subject, audit }: BulkOrder, { database }: BulkDeps, active: boolean): Promise<null> {
  const job = await findJob(database.sql, project, subject);
  if (!job) throw new NotDone(`there is no job ${subject}`);
  await switchJob(database.sql, project, subject, active, job.current_version, audit);
  return null;
}
