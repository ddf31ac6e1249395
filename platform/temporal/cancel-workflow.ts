import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** The signal that says by whom and why a workflow is cancelled; when is added to it. */
interface CancelWord {
  readonly signal: string;
  readonly by: object;
}

/** Cancels a workflow: a signal says by whom and why, and Temporal's own request, the one that cancels, follows it. False when it has ended or never was. */
export async function cancelWorkflow({ workflow }: Client, workflowId: string, { signal, by }: CancelWord): Promise<boolean> {
  const handle = workflow.getHandle(workflowId);
  try {
    await handle.signal(signal, { ...by, at: Date.now() });
    await handle.cancel();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
