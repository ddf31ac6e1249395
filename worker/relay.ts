import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { claimStarts, type OwedStart, settleStarts } from '#db/queries/outbox.ts';
import { CANCEL_SIGNAL, RUN_WORKFLOW, startOptionsOf, workflowIdOf } from '#workflows/messages.ts';

const AT_ONCE = 50;
/** While Temporal is away a start must not wait for it: the next round tries again. */
const DEADLINE_MS = 2_000;

/** Starts the workflows of runs that were accepted but not started: their API died in between, or Temporal was away. Answers how many it started. */
export async function relayStarts(database: Database, client: Client): Promise<number> {
  const owed = await claimStarts(database.sql, AT_ONCE);
  const outcomes = await Promise.allSettled(owed.map((start) => startOne(client, start)));
  const started = owed.filter((_, index) => outcomes[index]?.status === 'fulfilled').map(({ run }) => run);
  if (started.length > 0) for (const run of await settleStarts(database.sql, started)) await cancelOne(client, run);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return started.length;
}

async function startOne(client: Client, { payload }: OwedStart): Promise<void> {
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.start(RUN_WORKFLOW, startOptionsOf(payload)));
  } catch (error) {
    // It was started by its API, and ended, before the row could be struck off.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** A person cancelled it while its start was under way, when nothing was there yet to be told. */
async function cancelOne(client: Client, run: string): Promise<void> {
  try {
    const by = { actor: 'system', reason: 'cancelled before it started' };
    await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.getHandle(workflowIdOf(run)).signal(CANCEL_SIGNAL, by));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
