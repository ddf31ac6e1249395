import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApplicationFailure,
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import type { Problem } from '#jobs/problem.ts';
import { STEERED_ELSEWHERE } from '#workflows/messages.ts';
import { conflict, HttpProblem, unavailable } from '../problem.ts';
import type { Services } from '../services.ts';

/** An update is answered by a worker: none within this time means that none is there. */
const UPDATE_DEADLINE_MS = 5_000;
const GRPC_FAILED_PRECONDITION = 9;
/** So long a run may lag behind its own rows, and so often it is looked at meanwhile. */
const CATCH_UP_MS = 5_000;
const LOOK_MS = 200;

/** The workflow is being taken up again after a task that had to be given up; it takes updates in a moment. */
const isBusy = (error: unknown): boolean =>
  isGrpcServiceError(error) ? error.code === GRPC_FAILED_PRECONDITION : error instanceof ServiceError && isBusy(error.cause);

interface Update {
  readonly name: string;
  readonly ask: object;
  /** The same id is done once, and answered as it was then. */
  readonly id?: string;
  /** What can no longer be done when the run has ended. */
  readonly what: string;
  /** Whether the run's rows say that it can be done. A worker that died may have written what its successor has yet to find out again. */
  readonly isShown?: () => Promise<boolean>;
}

/** What the workflow's own refusals are to a client. */
const STATUS_OF: { readonly [type: string]: 403 | 422 } = { forbidden: 403, invalid_input: 422 };

/** Has a run do something that its workflow may refuse; throws 403, 422 with problems or 409 with the workflow's words, 409 when the run has ended, 503 when no worker answers in time. */
export async function updateRun(services: Services, run: RunWithPlan, update: Update): Promise<void> {
  const giveUpAt = Date.now() + CATCH_UP_MS;
  for (;;) {
    try {
      return await updateOnce(services, run, update, run.workflow_id);
    } catch (error) {
      const mayCatchUp = error instanceof HttpProblem && error.status === 409 && Date.now() < giveUpAt;
      if (!mayCatchUp || !(await update.isShown?.())) throw error;
      await sleep(LOOK_MS);
    }
  }
}

async function updateOnce(services: Services, run: RunWithPlan, update: Update, workflowId: string): Promise<void> {
  const { name, ask, id, what } = update;
  const { temporal } = services;
  try {
    await temporal.within(UPDATE_DEADLINE_MS, () =>
      temporal.client.workflow.getHandle(workflowId).executeUpdate(name, { args: [ask], ...(id !== undefined && { updateId: id }) }),
    );
  } catch (error) {
    const elsewhere = elsewhereOf(error);
    if (elsewhere !== null && workflowId === run.workflow_id) return updateOnce(services, run, update, elsewhere);
    if (error instanceof WorkflowUpdateFailedError) throw refusedBy(error.cause, what);
    if (error instanceof WorkflowNotFoundError) throw conflict(`run ${run.id} is not under way; ${what} only while it is`);
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isBusy(error)) throw unavailable('no worker answers', 5, error);
    throw error;
  }
}

/** The workflow that carries out what was asked about, where it is not that of the run. */
function elsewhereOf(error: unknown): string | null {
  if (!(error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)) return null;
  const { type, details } = error.cause;
  return type === STEERED_ELSEWHERE && typeof details?.[0] === 'string' ? details[0] : null;
}

function refusedBy(cause: unknown, what: string): HttpProblem {
  if (!(cause instanceof ApplicationFailure)) return conflict(`the run has just ended; ${what} only while it is under way`);
  const status = STATUS_OF[cause.type ?? ''];
  if (status === undefined) return conflict(cause.message);
  const problems = cause.details?.[0] as readonly Problem[] | undefined;
  return new HttpProblem(status, cause.message, problems?.length ? { problems } : {});
}
