import { WorkflowNotFoundError } from '@temporalio/client';
import { type Audit, type Change, writeAudit } from '#db/audit.ts';
import { findOwedStart } from '#db/queries/find-owed-start.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { settleStarts } from '#db/queries/outbox.ts';
import { withdrawRun } from '#db/queries/withdraw-run.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { cancelWorkflow } from '#platform/temporal/cancel-workflow.ts';
import { isTemporalAway } from '#platform/temporal/grpc-code.ts';
import {
  CANCEL_SIGNAL,
  type Cancel,
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
  RUN_WORKFLOW,
  type Steering,
  startOptionsOf,
} from '#workflows/messages.ts';
import { conflict, HttpProblem, unavailable } from '../problem.ts';
import type { Services } from '../services.ts';
import { startOnce } from './launch-run.ts';

const DEADLINE_MS = 2_000;

const SIGNALS = { cancel: CANCEL_SIGNAL, pause: PAUSE_SIGNAL, resume: RESUME_SIGNAL } as const;
export type Move = keyof typeof SIGNALS;

/** Asks a run to stop, to start nothing more, or to go on; with `force` it stops without undoing, handling or cleaning up anything. Throws 409 naming the state that forbids it and 503 while Temporal is away. */
export async function steerRun(services: Services, run: RunWithPlan, move: Move, audit: Audit, { force = false } = {}): Promise<void> {
  refuseIllegal(run, move);
  const { sql } = services.database;
  const change: Change = {
    project: run.project,
    action: `run.${move}`,
    subject_kind: 'run',
    subject: run.id,
    ...(force && { after: { force } }),
  };
  await audited(services, audit, change, async () => {
    try {
      await tell(services, run, move, { actor: audit.actor, reason: audit.reason ?? null, ...(force && { force }) });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw conflict(`run ${run.id} has just ended and cannot be told to ${move}`);
      if (!isTemporalAway(error)) throw error;
      // A run that has not reached Temporal yet needs nobody else to end it.
      if (move === 'cancel' && (await withdrawRun(sql, run.project, run.id, audit))) return;
      throw unavailable(`Temporal does not answer, so run ${run.id} cannot be told to ${move}`, 5, error);
    }
  });
}

/** Does what it is asked only once the audit says that it was asked, and adds how it went when it did not go well. */
export async function audited({ database, log }: Services, audit: Audit, change: Change, ask: () => Promise<void>): Promise<void> {
  const write = (after: object) => writeAudit(database.sql, audit, { ...change, after: { ...change.after, ...after } });
  await write({ outcome: 'asked' });
  try {
    await ask();
  } catch (error) {
    const refused = error instanceof HttpProblem && error.status < 500;
    const why = error instanceof HttpProblem ? error.message : 'something went wrong here';
    await write({ outcome: refused ? 'refused' : 'unanswered', why }).catch((lost: unknown) =>
      log.warn({ err: lost, subject: change.subject }, 'the audit says what was asked, but not that it failed'),
    );
    throw error;
  }
}

function refuseIllegal(run: RunWithPlan, move: Move): void {
  if (hasEnded(run.status)) throw conflict(`run ${run.id} is ${run.status}; only a run that has not ended can be told to ${move}`);
  if (run.status === 'scheduled' && move !== 'cancel') {
    throw conflict(
      `run ${run.id} is scheduled for ${run.scheduled_for} and has nothing to ${move} yet; until then it can only be cancelled`,
    );
  }
  if (move === 'pause' && run.status === 'paused') throw conflict(`run ${run.id} is paused already`);
  if (move === 'resume' && run.status !== 'paused') throw conflict(`run ${run.id} is ${run.status}; only a paused run can be resumed`);
}

/** Tells the run; one that still waits in the outbox is started first, by the signal itself or ahead of the cancel. */
async function tell(
  { temporal, database, log }: Services,
  run: RunWithPlan,
  move: Move,
  by: Steering & Pick<Cancel, 'force'>,
): Promise<void> {
  const { client } = temporal;
  const signal = SIGNALS[move];
  const owed = await findOwedStart(database.sql, run.id);
  await temporal.within(DEADLINE_MS, async () => {
    if (move === 'cancel') {
      if (owed) await startOnce(temporal, owed);
      if (!(await cancelWorkflow(client, run.workflow_id, { signal, by }))) {
        throw conflict(`run ${run.id} has just ended and cannot be told to cancel`);
      }
    } else if (owed) {
      const { workflowIdConflictPolicy: _, ...options } = startOptionsOf(owed);
      await client.workflow.signalWithStart(RUN_WORKFLOW, { ...options, signal, signalArgs: [by] });
    } else await client.workflow.getHandle(run.workflow_id).signal(signal, by);
  });
  if (!owed) return;
  settleStarts(database.sql, [run.id]).catch((error: unknown) =>
    log.warn({ err: error, run: run.id }, 'the outbox row stays for the relay'),
  );
}
