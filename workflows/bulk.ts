import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';

const { carryOutBulk } = proxyActivities<{ carryOutBulk(id: string): Promise<boolean> }>({
  taskQueue: 'bookkeeping',
  startToCloseTimeout: '2m',
  heartbeatTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Does one thing to many runs or jobs, some at a time, until nothing is left to do; what becomes of each stands in its row. */
export async function bulk(id: string): Promise<void> {
  while (!(await carryOutBulk(id))) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof bulk>(id);
  }
}
