import type { Client } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { listIdleBackfills } from '#db/queries/backfills/backfill-progress.ts';
import { BACKFILL_WORKFLOW } from '#jobs/backfills/words.ts';
import { backfillStart } from '#workflows/messages.ts';

/** A backfill that is worked at is touched more often than this. */
const IDLE_SECONDS = 20;
const DEADLINE_MS = 2_000;

/** Starts the workflows of backfills that were asked for and that nobody is at, because their API died in between or Temporal was away. */
export async function relayBackfills({ sql }: Pick<Database, 'sql'>, client: Client): Promise<void> {
  for (const id of await listIdleBackfills(sql, IDLE_SECONDS)) {
    await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.start(BACKFILL_WORKFLOW, backfillStart(id)));
  }
}
