import { randomUUID } from 'node:crypto';
import type { ScheduleOverlapPolicy } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonRows } from '#db/client.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { RUN_QUEUE, SCHEDULED_WORKFLOW } from '#workflows/messages.ts';
import { eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  await stack.as.job({ name: 'quick', steps: [{ id: 'say', type: 'local.exec', config: { command: 'echo hello' } }] });
  await stack.as.job({ name: 'slow', steps: [{ id: 'wait', type: 'wait.duration', config: { duration: '10m' } }] });
});
afterAll(() => stack?.stop());

test('a moment of a schedule becomes one run', async () => {
  const id = randomUUID();
  await row(id, { name: 'one', job: 'quick', every: '10s' });
  await arm(id, 'ALLOW_ALL');
  await stack.temporal.schedule.getHandle(`schedule:${id}`).trigger('ALLOW_ALL');
  const [fire] = await eventually(
    () => stack.database.sql`select * from schedule_fires where schedule_id = ${id}`,
    (rows) => rows.length > 0,
    20_000,
  );
  console.log(fire);
  console.log(await stack.as.until(fire?.run));
});

const row = (id: string, definition: ScheduleDefinition) => stack.database.sql`
  insert into schedules (id, name, job, source, format, definition, timezone, created_by, updated_by)
  values (${id}, ${definition.name}, ${definition.job}, '', 'yaml', ${jsonRows(stack.database.sql, [definition])} -> 0, 'UTC', 'ann', 'ann')`;

const arm = (id: string, overlap: ScheduleOverlapPolicy) =>
  stack.temporal.schedule.create({
    scheduleId: `schedule:${id}`,
    spec: { intervals: [{ every: '1h' }] },
    policies: { overlap, catchupWindow: '10m' },
    action: {
      type: 'startWorkflow',
      workflowType: SCHEDULED_WORKFLOW,
      workflowId: `schedule:${id}`,
      taskQueue: RUN_QUEUE,
      args: [{ schedule: id }],
    },
  });
