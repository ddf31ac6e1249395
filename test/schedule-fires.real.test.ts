import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScheduleOverlapPolicy } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonRows } from '#db/client.ts';
import type { ScheduleFireRow } from '#db/schema/schedules.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { RUN_QUEUE, SCHEDULED_WORKFLOW } from '#workflows/messages.ts';
import { type Answer, eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  const say = {
    command: 'echo "$WHEN"',
    environment: { WHEN: '${{ schedule.nominal_time }} ${{ schedule.trigger }} ${{ schedule.next }}' },
  };
  await stack.as.job({ name: 'quick', steps: [{ id: 'say', type: 'local.exec', config: say }] });
  const patient = { attempts: 50, delay: '200ms', on: ['connection', 'timeout', 'lost', 'internal'] };
  await stack.as.job({ name: 'marked', steps: [{ id: 'one', type: 'local.exec', config: { command: 'true' }, retry: patient }] });
  const sleeping = { command: 'sleep "$SECONDS_TO_SLEEP"', environment: { SECONDS_TO_SLEEP: '${{ string(parameters.seconds) }}' } };
  await stack.as.job({
    name: 'slow',
    parameters: { seconds: { type: 'integer', default: 600 } },
    steps: [{ id: 'sleep', type: 'local.exec', config: sleeping }],
  });
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

const trigger = (name: string, ask: object = {}) => stack.as.call('POST', `/schedules/${name}/trigger`, ask);
const cancel = async (run: unknown) => {
  await stack.as.call('POST', `/runs/${run}/cancel`, {});
  await stack.as.until(String(run));
};
const runOf = ({ body }: Answer) => (body.run as { readonly id: string } | null)?.id ?? '';

test('a start by hand obeys the overlap policy, its own or the one asked for, and says what came of it', async () => {
  const id = await armed({ name: 'by-hand', job: 'slow', every: '1h', parameters: { seconds: 600 } });
  await stack.database.sql`update schedules set paused = true where id = ${id}`;
  const first = await trigger('by-hand', { parameters: { seconds: 601 }, note: 'for the test' });
  expect([first.status, first.body]).toMatchObject([
    201,
    { trigger: 'manual', status: 'started', asked_by: expect.any(String), note: 'for the test' },
  ]);
  const run = await stack.as.untilStep(runOf(first), 'sleep', ({ status }) => status === 'running');
  expect(run.status).toBe('running');
  expect(await stack.as.run(runOf(first))).toMatchObject({ schedule: 'by-hand', parameters: { seconds: 601 } });

  const skipped = await trigger('by-hand', { nominal_time: iso(hour(1)) });
  expect([skipped.status, skipped.body.detail]).toEqual([409, expect.stringContaining('overlap policy is skip')]);
  const waiting = await trigger('by-hand', { overlap: 'buffer_one', nominal_time: iso(hour(2)) });
  expect([waiting.status, waiting.body.status]).toEqual([202, 'asked']);
  expect((await trigger('by-hand', { overlap: 'buffer_one', nominal_time: iso(hour(3)) })).status).toBe(409);
  const beside = await trigger('by-hand', { overlap: 'allow_all', nominal_time: first.body.nominal_at });
  expect([beside.status, beside.body.again]).toEqual([201, 1]);
  await cancel(runOf(beside));
  await cancel(runOf(first));
  const rows = await fires(id, (found) => found.some(({ nominal_at, status }) => nominal_at === iso(hour(2)) && status === 'started'));
  expect(rows.map(({ nominal_at, status, reason }) => [nominal_at, status, reason]).slice(0, 3)).toEqual([
    [iso(hour(3)), 'missed', 'overlap'],
    [iso(hour(2)), 'started', null],
    [iso(hour(1)), 'missed', 'overlap'],
  ]);
  for (const { run } of rows) if (run !== null) await cancel(run);

  expect((await trigger('by-hand', { parameters: { minutes: 1 } })).status).toBe(422);
  const listed = await stack.as.call('GET', '/schedules/by-hand/fires?status=missed&reason=overlap&limit=1');
  expect(listed.body).toMatchObject({ items: [{ nominal_at: iso(hour(1)) }], next: expect.any(String) });
  const rest = await stack.as.call('GET', `/schedules/by-hand/fires?status=missed&reason=overlap&after=${listed.body.next}`);
  expect(rest.body).toMatchObject({ items: [{ nominal_at: iso(hour(3)), run: null }], next: null });
  expect((await stack.as.call('GET', '/runs?schedule=by-hand')).body.items).toHaveLength(3);
});

test('a start by hand that is asked for twice with the same key is one start', async () => {
  const id = await armed({ name: 'once', job: 'quick', every: '1h', overlap: 'allow_all' });
  const ask = () => stack.as.call('POST', '/schedules/once/trigger', { note: 'one press' }, { 'idempotency-key': 'a-press' });
  const answers = await Promise.all([ask(), ask()]);
  answers.push(await ask());
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(answers.map(runOf)).size).toBe(1);
  expect(await fires(id)).toHaveLength(1);
});

test('a moment that people and the clock start at once has the runs that people asked for, and no other', async () => {
  const id = await armed({ name: 'at-once', job: 'quick', every: '1h', overlap: 'allow_all' });
  const ask = () => trigger('at-once', { nominal_time: iso(hour(1)) });
  const [, , ...answers] = await Promise.all([come(id, hour(1)), come(id, hour(1)), ask(), ask(), ask()]);
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  await come(id, hour(1));
  await closed(id, hour(1));
  const rows = await fires(id);
  const runs = new Set(rows.map(({ run }) => run));
  expect(runs.size).toBe(rows.length);
  expect(rows.filter(({ trigger: by }) => by === 'manual')).toHaveLength(3);
  expect(rows.length).toBeLessThanOrEqual(4);
  expect((await stack.as.call('GET', '/runs?schedule=at-once')).body.items).toHaveLength(rows.length);
});

test('a worker killed at any point of a start loses no moment and gives none a second run', async () => {
  const id = await armed({ name: 'under-fire', job: 'marked', every: '1h', overlap: 'allow_all' });
  const moments = [1, 2, 3, 4, 5].map(hour);
  for (const [n, at] of moments.entries()) {
    const coming = come(id, at);
    await sleep(n * 60);
    await stack.worker.kill();
    stack.worker.start();
    await coming;
  }
  const rows = await fires(id, (found) => found.length === moments.length && found.every(({ run }) => run !== null), 90_000);
  for (const { run } of rows) expect(await stack.as.until(String(run), undefined, 60_000)).toMatchObject({ status: 'completed' });
  expect(rows.map(({ nominal_at, again }) => [nominal_at, again])).toEqual(moments.toReversed().map((at) => [iso(at), 0]));
  expect((await stack.as.call('GET', '/runs?schedule=under-fire')).body.items).toHaveLength(moments.length);
}, 150_000);

test.each(['skip', 'buffer_all'] as const)('a moment that met the run before it says so, or starts after it: %s', async (overlap) => {
  const id = await armed({ name: `met-${overlap}`, job: 'slow', every: '1h', overlap, catchup_window: '6h' });
  await come(id, hour(3));
  const [first] = await fires(id, (rows) => rows.length === 1);
  await stack.as.untilStep(String(first?.run), 'sleep', ({ status }) => status === 'running');
  await come(id, hour(1));
  const { sql } = stack.database;
  await sql`update runs set created_at = ${new Date(hour(3))} where id = ${String(first?.run)}`;
  await remember(id, hour(2) + 1, hour(1) + 1);
  const [, second] = await fires(id, (rows) => rows.length === 2);
  if (overlap === 'skip') expect(second).toMatchObject({ nominal_at: iso(hour(1)), status: 'missed', reason: 'overlap' });
  else expect(second).toMatchObject({ nominal_at: iso(hour(1)), status: 'asked', trigger: 'schedule' });
  await cancel(first?.run);
  if (overlap === 'skip') return;
  const rows = await fires(id, (found) => found.every(({ status }) => status === 'started'));
  expect(rows).toMatchObject([{ again: 0 }, { again: 0, trigger: 'schedule' }]);
  expect((await stack.as.call('GET', `/runs?schedule=met-${overlap}`)).body.items).toHaveLength(2);
  await cancel(rows[1]?.run);
});

test('moments of a pause are missed for it, and none of them runs', async () => {
  const id = await armed({ name: 'paused-over', job: 'quick', every: '10s', catchup_window: '1h' });
  const { sql } = stack.database;
  const from = Math.floor(Date.now() / 10_000) * 10_000 - 300_000;
  await sql`
    insert into schedule_pauses (schedule_id, kind, from_at, until_at, paused_by, note)
    values (${id}, 'paused', ${new Date(from)}, ${new Date(from + 70_000)}, 'ann', 'works on the line')`;
  await remember(id, from, from + 69_000);
  const rows = await fires(id, (found) => found.length >= 7);
  expect(rows.map(({ nominal_at, status, reason, message, run }) => [nominal_at, status, reason, message, run])).toEqual(
    Array.from({ length: 7 }, (_, n) => [iso(from + n * 10_000), 'missed', 'paused', 'paused by ann: works on the line', null]),
  );
});

test('after an outage what is within the catch-up window runs once, one after the other, and what is older says that it was missed', async () => {
  const from = Math.floor(Date.now() / 60_000) * 60_000 - 6 * 60_000;
  const id = await armed({ name: 'outage', job: 'quick', every: '1m', catchup_window: '4m30s' });
  await remember(id, from, from + 4 * 60_000 + 1);
  const rows = await fires(id, (found) => found.length === 5 && found.every(({ status }) => status !== 'asked'));
  const late = rows.filter(({ nominal_at }) => Date.parse(nominal_at) < Date.now() - 270_000 - 60_000);
  expect(late.length).toBeGreaterThan(0);
  for (const row of late) expect(row).toMatchObject({ status: 'missed', reason: 'catchup' });
  const caught = rows.filter(({ status }) => status === 'started');
  expect(caught.length).toBeGreaterThanOrEqual(2);
  expect(rows).toHaveLength(late.length + caught.length + rows.filter((row) => row.reason === 'catchup' && !late.includes(row)).length);
  expect(caught.every((row) => row.trigger === 'catchup')).toBe(true);
  const runs = await Promise.all(caught.map(({ run }) => stack.as.until(String(run))));
  const spans = runs
    .map((run) => run as unknown as { created_at: string; ended_at: string })
    .toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  for (const [n, span] of spans.entries())
    if (n > 0) expect(Date.parse(span.created_at)).toBeGreaterThanOrEqual(Date.parse(spans[n - 1]?.ended_at ?? ''));
});

const iso = (at: number) => new Date(at).toISOString();

/** What became of the moments of a schedule, once that is so. */
const fires = (id: string, is: (rows: readonly ScheduleFireRow[]) => boolean = () => true, withinMs = 20_000) =>
  eventually<readonly ScheduleFireRow[]>(
    () => stack.database.sql<ScheduleFireRow[]>`select * from schedule_fires where schedule_id = ${id} order by nominal_at, again`,
    is,
    withinMs,
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

/** Makes it so that a schedule was there since a moment, meant nothing more after another, and was looked over by nobody. */
async function remember(id: string, from: number, to: number): Promise<void> {
  const { sql } = stack.database;
  await sql`
    insert into schedule_versions (schedule_id, version, definition, from_at, author)
    select id, 1, definition || jsonb_build_object('end_at', ${iso(to)}::text), ${new Date(from)}, 'ann' from schedules where id = ${id}`;
  await sql`update schedules set swept_until = ${new Date(from)}, sweep_at = now() where id = ${id}`;
}

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
