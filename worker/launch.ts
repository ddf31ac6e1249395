import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { settleStarts } from '#db/queries/outbox.ts';
import { RUN_WORKFLOW, type RunInput, startOptionsOf } from '#workflows/messages.ts';

/** While Temporal is away a start must not wait for it: the relay tries again. */
const DEADLINE_MS = 2_000;

/** Starts the workflow of an accepted run; one that was started by somebody else, and may even have ended, is as good. */
export async function startWorkflow(client: Client, input: RunInput): Promise<void> {
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.start(RUN_WORKFLOW, startOptionsOf(input)));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Starts runs that this worker has accepted, at once; what fails is left to the relay. */
export const createLaunch =
  ({ sql }: Pick<Database, 'sql'>, client: Client) =>
  async (input: RunInput): Promise<void> => {
    try {
      await startWorkflow(client, input);
      await settleStarts(sql, [input.run]);
    } catch {
      // The row in the outbox stands.
    }
  };
