import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowTruth } from '#activities/bookkeeping/reconcile.ts';

const TRUTH: { readonly [status: string]: WorkflowTruth } = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed_out',
};

/** Temporal's own word on a run, following it through every continuation; throws while Temporal does not answer. */
export async function workflowTruth(client: Client, workflowId: string): Promise<WorkflowTruth> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return TRUTH[status.name] ?? 'running';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw error;
  }
}

/** As Temporal numbers what of a history is asked for: its last event alone. */
const CLOSE_EVENT = 2;

/** Whether a workflow was terminated by the schedule that started it, for the next one. */
export async function isReplaced(client: Client, workflowId: string): Promise<boolean> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId },
    historyEventFilterType: CLOSE_EVENT,
  });
  return isScheduler(history?.events?.at(-1)?.workflowExecutionTerminatedEventAttributes?.identity);
}

/** Whether a running workflow was cancelled by the schedule that started it, for the next one. */
export async function isCancelledBySchedule(client: Client, workflowId: string, runId: string): Promise<boolean> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 20,
  });
  const request = history?.events?.find((event) => event.workflowExecutionCancelRequestedEventAttributes);
  return isScheduler(request?.workflowExecutionCancelRequestedEventAttributes?.identity);
}

/** As the server's schedules sign what they do. */
const isScheduler = (identity: string | null | undefined): boolean => identity?.startsWith('temporal-scheduler-') ?? false;
