import { ApplicationFailure } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { writeAudit } from '#db/audit.ts';
import type { Database } from '#db/client.ts';
import { acceptCausedRun, type CausedRun } from '#db/queries/accept-caused-run.ts';
import { findJob, findJobByTag, type JobAtVersion } from '#db/queries/find-job.ts';
import { findRun } from '#db/queries/find-run.ts';
import { findParents, type LineRun } from '#db/queries/run-line.ts';
import { findSubRun, readEnd } from '#db/queries/sub-runs.ts';
import { withdrawRun } from '#db/queries/withdraw-run.ts';
import { type FailureType, StepFailure, stepFailure } from '#jobs/failure.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import { InvalidInput } from '#jobs/problem.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { JOB_RUN, lineWords } from '#jobs/sub-jobs.ts';
import { cancelWorkflow } from '#platform/temporal/cancel-workflow.ts';
import { CANCEL_SIGNAL, type RunInput, type SubRunCall, type SubRunReport, type SubRunSeen, type SubRunStop } from '#workflows/messages.ts';

export interface SubRunDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly client: Client;
  /** Starts an accepted run if it can; never throws. */
  launch(input: RunInput): Promise<void>;
}

/** What a step that runs another job has done for it. A failure that asking again would not change ends the step. */
export const createSubRuns = ({ database: { sql }, client, launch }: SubRunDeps) => ({
  /** Accepts the run of one try of a step, and starts it; asked again, it answers with the run that the try has. */
  async startSubRun(call: SubRunCall): Promise<SubRunReport> {
    const known = await findSubRun(sql, call);
    if (known) return known;
    try {
      const { inserted, input } = await accept(sql, call);
      if (inserted.outcome === 'created') await launch(input);
    } catch (error) {
      if (error instanceof StepFailure) throw asFailure(error.type, error.message, error.details);
      throw error;
    }
    const made = await findSubRun(sql, call);
    if (!made) throw new Error(`the run that step ${call.key} of run ${call.run} started was just deleted`);
    return made;
  },

  /** The run as it ended; null while it goes on. */
  async lookAtSubRun(run: string): Promise<SubRunSeen | null> {
    const seen = await readEnd(sql, run);
    if (seen === null) return { status: 'lost', error_message: 'its row was deleted', outputs: {} };
    return hasEnded(seen.status) ? seen : null;
  },

  /** Tells a run to stop, wherever it stands; one that has ended is left as it is. */
  async stopSubRun({ run: id, project, by }: SubRunStop): Promise<void> {
    const run = await findRun(sql, project, id);
    if (!run || hasEnded(run.status)) return;
    const audit = { actor: by.actor, request_id: null, reason: by.reason };
    if (await withdrawRun(sql, project, id, audit)) return;
    await writeAudit(sql, audit, { project, action: 'run.cancel', subject_kind: 'run', subject: id, after: { outcome: 'asked' } });
    await cancelWorkflow(client, run.workflow_id, { signal: CANCEL_SIGNAL, by });
  },
});

/** Accepts the run under a key of its own, so that two who ask for the same try at once make one run. */
async function accept(sql: Database['sql'], call: SubRunCall): Promise<CausedRun> {
  const { run, key, attempt, project, tells } = call;
  const job = await jobOf(sql, call);
  const line = await findParents(sql, run);
  const parent = await findRun(sql, project, run);
  if (!parent) throw stepFailure('internal', `run ${run} has no row`);
  refuseDepth(line, job);
  try {
    return await acceptCausedRun(
      sql,
      job,
      call.parameters,
      {
        project,
        trigger: 'job',
        created_by: parent.created_by,
        message: `asked for by step ${key} of run #${parent.number} of ${parent.job}`,
        parent: { run, key, attempt },
        chain_depth: parent.chain_depth,
        ...(tells && { input: { parent: tells } }),
      },
      { key: `job.run ${run} ${key} ${attempt}`, body_hash: JOB_RUN },
    );
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const problems = error.problems.map((problem) => ({
      ...problem,
      pointer: problem.pointer.startsWith('/parameters') ? `/config${problem.pointer}` : problem.pointer,
    }));
    throw stepFailure('invalid_input', `job ${job.name} does not take this: ${error.message}`, { problems: problems as unknown as Json });
  }
}

/** The job at the version that was settled when the parent was accepted. */
async function jobOf(sql: Database['sql'], { project, job: name, version, asked }: SubRunCall): Promise<JobAtVersion> {
  const words = asked === undefined ? '' : 'tag' in asked ? ` with the tag ${asked.tag}` : ` with a version ${asked.version}`;
  if (version === null) throw stepFailure('invalid_input', `config.job: there was no job ${name}${words} when this run was accepted`);
  const byTag = version === undefined && asked !== undefined && 'tag' in asked ? asked.tag : null;
  const job = byTag === null ? await findJob(sql, project, name, version) : await findJobByTag(sql, project, name, byTag);
  if (!job) throw stepFailure('invalid_input', `config.job: there is no job ${name}${words}`);
  if (!job.active) throw stepFailure('invalid_input', `config.job: job ${name} is switched off`);
  return job;
}

/** A job that runs itself, however far down, would never come to an end. */
function refuseDepth(line: readonly LineRun[], { id, name }: JobAtVersion): void {
  const own = line.findIndex(({ job_id }) => job_id === id);
  if (own !== -1) throw stepFailure('policy', `job ${name} would run itself: ${lineWords(line.slice(own), name)}`);
  if (line.length > LIMITS.subJobDepth) {
    throw stepFailure('policy', `jobs may run jobs ${LIMITS.subJobDepth} deep: ${lineWords(line, name)}`);
  }
}

const asFailure = (type: FailureType, message: string, details?: JsonObject): ApplicationFailure =>
  ApplicationFailure.create({ message, type, nonRetryable: true, ...(details && { details: [{ type, message, details }] }) });
