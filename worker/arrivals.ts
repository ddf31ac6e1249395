import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { claimArrivals, type OwedArrival, settleArrival } from '#db/queries/webhook-arrivals.ts';
import { ARRIVAL_SIGNAL } from '#workflows/messages.ts';

const AT_ONCE = 50;
const DEADLINE_MS = 2_000;

/** Tells runs what was posted to addresses of their steps, where the API that took it could not. What fails stays owed. */
export async function relayArrivals({ sql }: Pick<Database, 'sql'>, client: Client): Promise<void> {
  const owed = await claimArrivals(sql, AT_ONCE);
  const outcomes = await Promise.allSettled(
    owed.map(async (arrival) => {
      await client.withDeadline(Date.now() + DEADLINE_MS, () => tell(client, arrival));
      await settleArrival(sql, arrival);
    }),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

/** A run that is not there has ended, or begins later and then reads what has arrived. */
async function tell(client: Client, { workflow_id, ...arrival }: OwedArrival): Promise<void> {
  try {
    await client.workflow.getHandle(workflow_id).signal(ARRIVAL_SIGNAL, arrival);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
