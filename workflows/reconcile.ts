import { proxyActivities } from '@temporalio/workflow';

const { reconcileRuns } = proxyActivities<{ reconcileRuns(): Promise<number> }>({
  taskQueue: 'bookkeeping',
  startToCloseTimeout: '2m',
  retry: { maximumAttempts: 3 },
});

/** Compares the rows of runs that have been silent with Temporal's truth and mends those that differ; answers how many. */
export const reconcile = (): Promise<number> => reconcileRuns();
