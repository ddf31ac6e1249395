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
