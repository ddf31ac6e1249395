import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, type ScheduleOptions } from '@temporalio/client';
import { CHECK_WORKFLOW, type ChecksInput } from '#jobs/target-looks.ts';
import type { Config } from '#platform/config.ts';
import { RUN_QUEUE } from '#workflows/messages.ts';

/** A workflow of the product's own that starts again and again. */
interface Chore {
  readonly scheduleId: string;
  readonly workflowType: string;
  readonly everySeconds: number;
  readonly workflowRunTimeout: '5m' | '30m' | '1h';
  readonly args?: readonly unknown[];
}

const CHORES: readonly Chore[] = [
  { scheduleId: 'capstan-reconcile', workflowType: 'reconcile', everySeconds: 60, workflowRunTimeout: '5m' },
  { scheduleId: 'capstan-janitor', workflowType: 'janitor', everySeconds: 30, workflowRunTimeout: '30m' },
  { scheduleId: 'capstan-check-jobs', workflowType: 'checkJobs', everySeconds: 86_400, workflowRunTimeout: '1h', args: ['default'] },
  { scheduleId: 'capstan-plan-schedules', workflowType: 'planSchedules', everySeconds: 86_400, workflowRunTimeout: '1h' },
];

const CHECKS = 'capstan-check-targets';
const everyTarget: ChecksInput = { project: 'default', actor: 'schedule', targets: null };

/** Makes sure that the product's own workflows are started in time, each once per namespace, whoever of the workers comes first. */
export async function ensureSchedules(client: Client, { targets }: Pick<Config, 'targets'>): Promise<void> {
  for (const chore of CHORES) await ensureSchedule(client, chore);
  if (targets.check_minutes === 0) await removeSchedule(client, CHECKS);
  else {
    const everySeconds = targets.check_minutes * 60;
    await ensureSchedule(client, {
      scheduleId: CHECKS,
      workflowType: CHECK_WORKFLOW,
      everySeconds,
      workflowRunTimeout: '1h',
      args: [everyTarget],
    });
  }
}

async function ensureSchedule(client: Client, chore: Chore): Promise<void> {
  try {
    await client.schedule.create(optionsOf(chore));
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await keepInterval(client, chore);
  }
}

const specOf = ({ everySeconds }: Chore) => ({ intervals: [{ every: everySeconds * 1_000 }] });

const optionsOf = (chore: Chore): ScheduleOptions => ({
  scheduleId: chore.scheduleId,
  spec: specOf(chore),
  policies: { overlap: 'SKIP', catchupWindow: '10s' },
  action: {
    type: 'startWorkflow',
    workflowType: chore.workflowType,
    taskQueue: RUN_QUEUE,
    args: [...(chore.args ?? [])],
    workflowRunTimeout: chore.workflowRunTimeout,
  },
});

/** An interval that was configured anew counts from now on. */
async function keepInterval(client: Client, chore: Chore): Promise<void> {
  const handle = client.schedule.getHandle(chore.scheduleId);
  const { spec } = await handle.describe();
  if (spec.intervals?.[0]?.every === chore.everySeconds * 1_000) return;
  await handle.update((before) => ({ ...before, spec: specOf(chore) }));
}

async function removeSchedule(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
