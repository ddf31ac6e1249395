import { ApplicationFailure, CancellationScope, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { FireCall, FireReport, Scheduled } from './messages.ts';
import { runJob } from './run-job.ts';

const { acceptFire } = proxyLocalActivities<{ acceptFire(call: FireCall): Promise<FireReport> }>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** What Temporal starts when a moment of a schedule has come: it is the run of that moment from here to the end, or ends at once when the moment has its run or is to have none. */
export async function runScheduled({ schedule }: Scheduled): Promise<null> {
  const { workflowId, firstExecutionRunId: execution } = workflowInfo();
  const call = { schedule, nominalAt: nominalTime(), workflowId, execution };
  // Whoever cancels it meanwhile cancels a run.
  const { input } = await CancellationScope.nonCancellable(() => acceptFire(call));
  if (input) await runJob(input);
  return null;
}

/** The moment that the schedule meant, whenever Temporal came to it. */
function nominalTime(): number {
  const [time] = workflowInfo().searchAttributes.TemporalScheduledStartTime ?? [];
  if (time instanceof Date) return time.getTime();
  throw ApplicationFailure.nonRetryable('this workflow is started by schedules of Temporal alone, which name the moment', 'no_moment');
}
