import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { claimOrphans, type Orphan, outboxStarted, postponeOrphans } from '#db/queries/outbox.ts';
import { RUN_WORKFLOW, startOptionsOf } from '#workflows/messages.ts';

const BATCH = 50;
const AGAIN_AFTER_SECONDS = 2;

/** Starts the workflows of runs that were accepted but not started: their API died in between, or Temporal was away. Answers how many it started. */
export async function relayOrphans(database: Database, client: Client): Promise<number> {
  const orphans = await claimOrphans(database.sql, BATCH, AGAIN_AFTER_SECONDS);
  const started = await Promise.all(orphans.map((orphan) => start(database, client, orphan)));
  return started.filter(Boolean).length;
}

async function start(database: Database, client: Client, { run, payload }: Orphan): Promise<boolean> {
  try {
    await client.workflow.start(RUN_WORKFLOW, startOptionsOf(payload));
  } catch (error) {
    // It ran and ended before its outbox row was deleted.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  await outboxStarted(database.sql, [run]);
  return true;
}
