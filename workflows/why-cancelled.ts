import { proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Steering, WhyCancelledCall } from './messages.ts';
import type { OpenRun } from './open-run.ts';

const { whyCancelled } = proxyLocalActivities<{ whyCancelled(call: WhyCancelledCall): Promise<Steering | null> }>({
  startToCloseTimeout: '3s',
  retry: { initialInterval: '100ms', maximumAttempts: 2 },
});

/** Whether the workflow was started by a schedule of Temporal's, which may cancel it without a word. */
export const isOfSchedule = ({ input: { schedule, workflowId } }: OpenRun): boolean => schedule !== undefined && workflowId !== undefined;

/** Finds out by whom and why a run is cancelled that no word came ahead of: Temporal cancels by itself what a schedule started whose next start takes its place. */
export async function askWhyCancelled(run: OpenRun): Promise<void> {
  const { schedule, workflowId } = run.input;
  if (run.wish.actor !== null || !schedule || workflowId === undefined) return;
  const call = { workflowId, runId: workflowInfo().runId, schedule: schedule.name };
  const wish = await run.shielded.run(() => whyCancelled(call)).catch(() => null);
  if (wish && run.wish.actor === null) run.wish = wish;
}
