import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

export { bulk } from '#workflows/bulk.ts';
export { runJob } from '#workflows/run-job.ts';

interface Bare {
  bareNoop(): Promise<object>;
}

const remote = proxyActivities<Bare>({
  taskQueue: 'local',
  startToCloseTimeout: '1m',
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 6 },
});
const local = proxyLocalActivities<Bare>({ startToCloseTimeout: '1m', retry: { maximumAttempts: 6 } });

/** The same steps as a person would write them for Temporal itself: one activity after the other. */
export async function bareSteps(steps: number, inline: boolean): Promise<void> {
  for (let step = 0; step < steps; step += 1) await (inline ? local : remote).bareNoop();
}
