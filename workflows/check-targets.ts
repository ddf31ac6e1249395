import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { CheckCall, ChecksInput, LookOrder, ScanCall, ScanReport } from '#jobs/target-looks.ts';

const { lookAtTargets } = proxyActivities<{ lookAtTargets(call: CheckCall): Promise<number> }>({
  taskQueue: 'remote',
  startToCloseTimeout: '5m',
  heartbeatTimeout: '30s',
  retry: { maximumAttempts: 3 },
});
const { askForHostKeys } = proxyActivities<{ askForHostKeys(call: ScanCall): Promise<ScanReport> }>({
  taskQueue: 'remote',
  scheduleToCloseTimeout: '12s',
  retry: { maximumAttempts: 1 },
});
const { targetsToCheck } = proxyActivities<{ targetsToCheck(project: string, after: string): Promise<readonly LookOrder[]> }>({
  taskQueue: 'bookkeeping',
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 5 },
});

/** Looks handed to one worker, and hands out at a time: workers share them. */
const BATCH = 10;
const AT_ONCE = 4;

/** Looks at targets, a bounded number at a time, and answers how many were found healthy; the rows are written by who looks. */
export async function checkTargets({ project, actor, targets }: ChecksInput, after = '', healthyBefore = 0): Promise<number> {
  if (targets !== null) return lookAtAll(project, actor, targets);
  let healthy = healthyBefore;
  let last = after;
  for (;;) {
    const page = await targetsToCheck(project, last);
    healthy += await lookAtAll(project, actor, page);
    last = page.at(-1)?.target ?? '';
    if (last === '') return healthy;
    if (workflowInfo().continueAsNewSuggested) {
      return continueAsNew<typeof checkTargets>({ project, actor, targets }, last, healthy);
    }
  }
}

async function lookAtAll(project: string, actor: string, targets: readonly LookOrder[]): Promise<number> {
  const batches = Array.from({ length: Math.ceil(targets.length / BATCH) }, (_, at) => targets.slice(at * BATCH, (at + 1) * BATCH));
  let healthy = 0;
  // A batch that no worker could carry out is looked at again the next time; it does not stop the others.
  const carry = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      const call = { project, actor, targets: batch };
      healthy += await lookAtTargets(call).catch(() => 0);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, carry));
  return healthy;
}

/** Asks a host for the keys it shows. */
export const scanTarget = (call: ScanCall): Promise<ScanReport> => askForHostKeys(call);
