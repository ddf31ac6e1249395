import { proxyActivities } from '@temporalio/workflow';
import { REAP_QUEUE } from './messages.ts';

interface RemoteWork {
  readonly project: string;
  readonly target: string;
}

const { dueRemoteWork } = proxyActivities<{ dueRemoteWork(): Promise<readonly RemoteWork[]> }>({
  taskQueue: 'bookkeeping',
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 3 },
});
const { clearTarget } = proxyActivities<{ clearTarget(works: readonly RemoteWork[]): Promise<number> }>({
  taskQueue: REAP_QUEUE,
  startToCloseTimeout: '5m',
  heartbeatTimeout: '10s',
  // What could not be done is found again later.
  retry: { maximumAttempts: 1 },
});

/** Rounds of one run; what is left then is for the next. */
const ROUNDS = 20;

/** Ends and clears away what runs that have ended left on targets; answers how much. */
export async function janitor(): Promise<number> {
  let cleared = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const due = await dueRemoteWork();
    if (due.length === 0) break;
    const targets = Map.groupBy(due, ({ project, target }) => `${project} ${target}`);
    const done = await Promise.all([...targets.values()].map((works) => clearTarget(works).catch(() => 0)));
    cleared += done.reduce((sum, number) => sum + number, 0);
  }
  return cleared;
}
