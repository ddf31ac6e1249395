import type { BackfillRow } from '#db/schema/backfills.ts';
import { BACKFILL_WORKFLOW } from '#jobs/backfills/words.ts';
import { backfillStart } from '#workflows/messages.ts';
import type { Services } from './services.ts';

const DEADLINE_MS = 2_000;

/** Starts the workflow of a backfill at once; while Temporal is away a worker starts it later. */
export async function launchBackfill({ temporal, log }: Services, { id, ended_at }: BackfillRow): Promise<void> {
  if (ended_at !== null) return;
  try {
    await temporal.within(DEADLINE_MS, () => temporal.client.workflow.start(BACKFILL_WORKFLOW, backfillStart(id)));
  } catch (error) {
    log.warn({ err: error, backfill: id }, 'a worker starts this backfill later');
  }
}
