import { type Client, ScheduleAlreadyRunning } from '@temporalio/client';
import { RUN_QUEUE } from '#workflows/messages.ts';

/** A workflow of the product's own that starts again and again. */
interface Chore {
  readonly scheduleId: string;
  readonly workflowType: string;
  readonly every: '30s' | '1m';
  readonly workflowRunTimeout: '5m' | '30m';
}

const CHORES: readonly Chore[] = [
  { scheduleId: 'capstan-reconcile', workflowType: 'reconcile', every: '1m', workflowRunTimeout: '5m' },
  { scheduleId: 'capstan-janitor', workflowType: 'janitor', every: '30s', workflowRunTimeout: '30m' },
];

/** Makes sure that the product's own workflows are started in time, each once per namespace, whoever of the workers comes first. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const chore of CHORES) await ensureSchedule(client, chore);
}

async function ensureSchedule(client: Client, { scheduleId, workflowType, every, workflowRunTimeout }: Chore): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every }] },
      policies: { overlap: 'SKIP', catchupWindow: '10s' },
      action: { type: 'startWorkflow', workflowType, taskQueue: RUN_QUEUE, args: [], workflowRunTimeout },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
