import { type Client, ScheduleAlreadyRunning } from '@temporalio/client';
import { RUN_QUEUE } from '#workflows/messages.ts';

const SCHEDULE_ID = 'capstan-reconcile';

/** Makes sure that reconciliation runs every minute, once per namespace, whoever of the workers comes first. */
export async function ensureReconcileSchedule(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: SCHEDULE_ID,
      spec: { intervals: [{ every: '1m' }] },
      policies: { overlap: 'SKIP', catchupWindow: '10s' },
      action: { type: 'startWorkflow', workflowType: 'reconcile', taskQueue: RUN_QUEUE, args: [], workflowRunTimeout: '5m' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
