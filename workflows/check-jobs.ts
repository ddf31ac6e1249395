import { proxyActivities } from '@temporalio/workflow';

const { checkJobHealth } = proxyActivities<{ checkJobHealth(project: string): Promise<number> }>({
  taskQueue: 'bookkeeping',
  startToCloseTimeout: '20m',
  retry: { maximumAttempts: 3 },
});

/** Finds how every job of a project is today; answers how many are broken. */
export const checkJobs = (project: string): Promise<number> => checkJobHealth(project);
