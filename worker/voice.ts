import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowVoice } from '#activities/bookkeeping/locks.ts';
import { cancelWorkflow } from '#platform/temporal/cancel-workflow.ts';

/** How activities speak to workflows: through this worker's own connection. */
export const workflowVoice = (client: Client): WorkflowVoice => ({
  signal: async (workflowId, signal, payload) => {
    try {
      await client.workflow.getHandle(workflowId).signal(signal, payload);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  },
  cancel: async (workflowId, word) => {
    await cancelWorkflow(client, workflowId, word);
  },
});
