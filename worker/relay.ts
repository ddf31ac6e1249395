import type { Client } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { claimStarts, settleCancel, settleStarts } from '#db/queries/outbox.ts';
import { cancelWorkflow } from '#platform/temporal/cancel-workflow.ts';
import { WITHDRAWN, workflowIdOf } from '#workflows/messages.ts';
import { startWorkflow } from './launch.ts';

const AT_ONCE = 50;
/** While Temporal is away a start must not wait for it: the next round tries again. */
const DEADLINE_MS = 2_000;

/**
 * Starts the workflows of runs that were accepted but not started, because their API died in between or Temporal was away, and cancels those of runs
 * that were cancelled while their start was under way. What fails stays owed and keeps nothing else from happening. Answers how many it started.
 */
export async function relayStarts(database: Database, client: Client): Promise<number> {
  const owed = await claimStarts(database.sql, AT_ONCE);
  const starts = owed.filter(({ kind }) => kind === 'start');
  const outcomes = await Promise.allSettled(starts.map(({ payload }) => startWorkflow(client, payload)));
  const started = starts.filter((_, index) => outcomes[index]?.status === 'fulfilled').map(({ run }) => run);
  const withdrawn = started.length > 0 ? await settleStarts(database.sql, started) : [];
  const toCancel = [...owed.filter(({ kind }) => kind === 'cancel').map(({ run }) => run), ...withdrawn];
  const cancels = await Promise.allSettled(toCancel.map((run) => cancelOne(database, client, run)));
  const failure = [...outcomes, ...cancels].find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return started.length;
}

/** The row is struck off only after the workflow was told, or was found not to be there. */
async function cancelOne({ sql }: Database, client: Client, run: string): Promise<void> {
  await client.withDeadline(Date.now() + DEADLINE_MS, () => cancelWorkflow(client, workflowIdOf(run), WITHDRAWN));
  await settleCancel(sql, run);
}
