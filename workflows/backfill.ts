import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';

const { carryOutBackfill } = proxyActivities<{
  carryOutBackfill(id: string): Promise<{ readonly over: boolean; readonly restMs: number }>;
}>({
  taskQueue: 'bookkeeping',
  startToCloseTimeout: '2m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Starts moments of a schedule's past, some at a time, until all have ended; what becomes of each stands in its row. */
export async function backfill(id: string): Promise<void> {
  for (;;) {
    const { over, restMs } = await carryOutBackfill(id);
    if (over) return;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof backfill>(id);
    if (restMs > 0) await sleep(restMs);
  }
}
