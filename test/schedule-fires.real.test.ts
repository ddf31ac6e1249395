import { randomUUID } from 'node:crypto';
import type { ScheduleOverlapPolicy } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonRows } from '#db/client.ts';
import type { ScheduleFireRow } from '#db/schema/schedules.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { RUN_QUEUE, SCHEDULED_WORKFLOW } from '#workflows/messages.ts';
import { eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  const say = {
    command: 'echo "$WHEN"',
    environment: { WHEN: '${{ schedule.nominal_time }} ${{ schedule.trigger }} ${{ schedule.next }}' },
  };
  await stack.as.job({ name: 'quick', steps: [{ id: 'say', type: 'local.exec', config: say }] });
  await stack.as.job({ name: 'slow', steps: [{ id: 'sleep', type: 'local.exec', config: { command: 'sleep 600' } }] });
});
afterAll(() => stack?.stop());

const HOUR = 3_600_000;
const hour = (n: number) => Math.floor(Date.now() / HOUR) * HOUR - n * HOUR;

test('a moment of a schedule becomes one run, which knows it, however often Temporal starts it', async () => {
  const id = await armed({ name: 'one', job: 'quick', every: '1h', overlap: 'allow_all' });
  await come(id, hour(1));
  const [fire] = await fires(id, (rows) => rows.length === 1);
  const run = await stack.as.until(fire?.run ?? '');
  expect(run).toMatchObject({ status: 'completed', schedule: 'one', nominal_at: iso(hour(1)), trigger: 'schedule' });
  expect((await stack.as.steps(run.id))[0]?.stdout).toBe(`${iso(hour(1))} catchup ${iso(hour(0))}\n`);

  await come(id, hour(1));
  await closed(id, hour(1));
  expect(await fires(id)).toMatchObject([{ run: run.id, again: 0 }]);
  const again = await stack.as.call('POST', `/runs/${run.id}/retry`, {});
  expect((await stack.as.steps((await stack.as.until(String(again.body.id))).id))[0]?.stdout).toContain(iso(hour(1)));
});

test('a run that a schedule started is paused, resumed and cancelled like any other', async () => {
  const id = await armed({ name: 'steered', job: 'slow', every: '1h' });
  await come(id, hour(1));
  const [fire] = await fires(id, (rows) => rows.length === 1);
  const run = fire?.run ?? '';
  await stack.as.untilStep(run, 'sleep', ({ status }) => status === 'running');
  expect((await stack.as.call('POST', `/runs/${run}/pause`, {})).status).toBe(202);
  await stack.as.until(run, ({ status }) => status === 'paused');
  await stack.as.call('POST', `/runs/${run}/resume`, {});
  await stack.as.until(run, ({ status }) => status === 'running');
  await stack.as.call('POST', `/runs/${run}/steps/sleep/cancel`, {});
  expect(await stack.as.until(run)).toMatchObject({ status: 'failed' });
  expect((await stack.as.call('POST', `/runs/${run}/rerun`, {})).status).toBe(202);
});

test.each(['cancel_other', 'terminate_other'] as const)('the run that its schedule ends for the next one says so: %s', async (overlap) => {
  const id = await armed({ name: overlap, job: 'slow', every: '1h', overlap });
  await come(id, hour(2));
  const [first] = await fires(id, (rows) => rows.length === 1);
  await stack.as.untilStep(first?.run ?? '', 'sleep', ({ status }) => status === 'running');
  await come(id, hour(1));
  const rows = await fires(id, (found) => found.length === 2);
  expect(await stack.as.until(first?.run ?? '', undefined, 15_000)).toMatchObject({
    status: 'cancelled',
    message: `the next start of schedule ${overlap} took its place: its overlap policy is ${overlap}`,
    status_actor: 'schedule',
  });
  expect((await stack.as.steps(first?.run ?? ''))[0]).toMatchObject({ status: 'cancelled' });
  const second = rows.find(({ run }) => run !== first?.run)?.run ?? '';
  await stack.as.untilStep(second, 'sleep', ({ status }) => status === 'running');
  await stack.as.call('POST', `/runs/${second}/cancel`, {});
  expect(await stack.as.until(second)).toMatchObject({ status: 'cancelled', status_actor: expect.stringContaining('') });
});

const iso = (at: number) => new Date(at).toISOString();

/** What became of the moments of a schedule, once that is so. */
const fires = (id: string, is: (rows: readonly ScheduleFireRow[]) => boolean = () => true) =>
  eventually<readonly ScheduleFireRow[]>(
    () => stack.database.sql<ScheduleFireRow[]>`select * from schedule_fires where schedule_id = ${id} order by nominal_at, again`,
    is,
    20_000,
  );

/** Lets a moment of a schedule come, as Temporal's clock would. */
const come = async (id: string, at: number) => {
  await stack.temporal.workflowService.patchSchedule({
    namespace: stack.namespace,
    scheduleId: `schedule:${id}`,
    requestId: randomUUID(),
    identity: 'test',
    patch: { triggerImmediately: { scheduledTime: msToTs(at) } },
  });
  await stack.temporal.schedule.getHandle(`schedule:${id}`).describe();
};

const workflowAt = (id: string, at: number) => `schedule:${id}-${iso(at).replace('.000', '')}`;

/** Waits until no workflow of a moment is open. */
const closed = (id: string, at: number) =>
  eventually(
    async () => (await stack.temporal.workflow.getHandle(workflowAt(id, at)).describe()).status.name,
    (status) => status !== 'RUNNING',
    20_000,
  );

/** A schedule that Temporal knows, of which nothing is due but what a test lets come. */
async function armed(definition: ScheduleDefinition): Promise<string> {
  const id = randomUUID();
  const { sql } = stack.database;
  await sql`
    insert into schedules (id, name, job, source, format, definition, timezone, created_by, updated_by, arm_at, armed_version)
    values (${id}, ${definition.name}, ${definition.job}, '', 'yaml', ${jsonRows(sql, [definition])} -> 0, 'UTC', 'ann', 'ann', null, 1)`;
  await stack.temporal.schedule.create({
    scheduleId: `schedule:${id}`,
    spec: { intervals: [{ every: '365d' }] },
    policies: { overlap: (definition.overlap ?? 'skip').toUpperCase() as ScheduleOverlapPolicy, catchupWindow: '10m' },
    action: {
      type: 'startWorkflow',
      workflowType: SCHEDULED_WORKFLOW,
      workflowId: `schedule:${id}`,
      taskQueue: RUN_QUEUE,
      args: [{ schedule: id }],
    },
  });
  return id;
}
