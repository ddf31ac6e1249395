import { proxyActivities } from '@temporalio/workflow';

const { matchTwins, renewHorizons } = proxyActivities<{ matchTwins(): Promise<number>; renewHorizons(): Promise<number> }>({
  taskQueue: 'bookkeeping',
  startToCloseTimeout: '30m',
  heartbeatTimeout: '1m',
  retry: { maximumAttempts: 3 },
});

/** Makes what Temporal knows of schedules agree with ours, and has those planned again whose horizon has come nearer; answers how many were to be told again. */
export async function planSchedules(): Promise<number> {
  const repaired = await matchTwins();
  return repaired + (await renewHorizons());
}
