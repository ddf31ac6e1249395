import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { withdrawRun } from '#db/queries/withdraw-run.ts';
import { testDatabase } from '#db/testing/database.ts';
import { accept } from '#db/testing/runs.ts';
import { freePort } from '#platform/local/free-port.ts';
import { eventually } from '#test/api-client.ts';
import { planOf } from '#test/generators/plans.ts';
import { type Stack, startStack } from '#test/stack.ts';
import { RUN_WORKFLOW, startOptionsOf, workflowIdOf } from '#workflows/messages.ts';
import { relayStarts } from './relay.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

const owed = () => stack.database.sql<{ run: string; payload: object }[]>`select run, payload from outbox`;
const untilNoneIsOwed = () => eventually(owed, (rows) => rows.length === 0, 10_000);

test('a run that was accepted but never started, because its API died in between, is started by a worker', async () => {
  const { run } = await accept(stack.database.sql);
  expect(await stack.as.until(run, undefined, 20_000)).toMatchObject({ status: 'completed', completed_steps: 2 });
  await untilNoneIsOwed();
});

test('a start that stays owed after its run has ended is struck off and starts nothing', async () => {
  const { sql } = stack.database;
  const { run } = await accept(sql);
  const [start] = await owed();
  await stack.as.until(run, undefined, 20_000);
  await untilNoneIsOwed();
  const history = async () => (await stack.temporal.workflow.getHandle(`run:${run}`).describe()).runId;
  const [ended, only] = [await stack.as.run(run), await history()];

  await sql`insert into outbox (id, run, kind, payload, next_at) values (${uuidv7()}, ${run}, 'start', ${sql.json(start?.payload as never)}, now())`;
  await untilNoneIsOwed();
  expect(await history()).toBe(only);
  expect(await stack.as.run(run)).toEqual(ended);
  expect((await stack.as.steps(run)).map(({ attempts }) => attempts.length)).toEqual([1, 1]);
});

test('a run that is cancelled while its start is under way is cancelled in Temporal too, and its step never comes to its effect', async () => {
  const { sql } = stack.database;
  const folder = await mkdtemp(join(tmpdir(), 'capstan-relay-'));
  const plan = planOf([{ id: 'mark', config: { command: `sleep 8; touch ${folder}/mark` } }], { job: 'nightly' });
  const input = { run: uuidv7(), project: 'default', plan, parameters: {}, target: null };
  await accept(sql, { input });
  expect(await withdrawRun(sql, 'default', input.run, { actor: 'ann', request_id: null })).toBe(true);
  await stack.temporal.workflow.start(RUN_WORKFLOW, startOptionsOf(input));

  const handle = stack.temporal.workflow.getHandle(workflowIdOf(input.run));
  await eventually(
    () => handle.describe(),
    ({ status }) => status.name === 'CANCELLED',
    20_000,
  );
  await untilNoneIsOwed();
  expect(await stack.as.run(input.run)).toMatchObject({ status: 'cancelled', completed_steps: 0 });
  expect((await stack.as.steps(input.run)).filter(({ status }) => status === 'completed')).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

test('a cancel that one workflow could not be told stays owed, and the others are told', async () => {
  const database = await testDatabase();
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const [deaf, other] = [uuidv7(), uuidv7()];
  const failing: WorkflowClientInterceptor = {
    signal: (input, next) =>
      input.workflowExecution.workflowId === workflowIdOf(deaf) ? Promise.reject(new Error('not told')) : next(input),
  };
  const client = new Client({ connection, interceptors: { workflow: [failing] } });
  for (const run of [deaf, other]) {
    const input = { run, project: 'default', plan: planOf([{ id: 'one' }], { job: 'nightly' }), parameters: {}, target: null };
    await accept(database.sql, { input });
    await client.workflow.start(RUN_WORKFLOW, { ...startOptionsOf(input), taskQueue: 'nobody' });
    await withdrawRun(database.sql, 'default', run, { actor: 'ann', request_id: null });
  }
  await database.sql`update outbox set next_at = now()`;
  await expect(relayStarts(database, client)).rejects.toThrow('not told');
  expect(await database.sql`select run, kind from outbox`).toEqual([{ run: deaf, kind: 'cancel' }]);
  const { events } = await client.workflow.getHandle(workflowIdOf(other)).fetchHistory();
  expect(events?.some(({ workflowExecutionCancelRequestedEventAttributes: asked }) => asked)).toBe(true);
  for (const run of [deaf, other]) await client.workflow.getHandle(workflowIdOf(run)).terminate();
  await connection.close();
  await database.close();
});

test('a start that Temporal did not take stays owed', async () => {
  const database = await testDatabase();
  const nowhere = Connection.lazy({ address: `127.0.0.1:${await freePort(undefined)}` });
  const { run } = await accept(database.sql);
  await database.sql`update outbox set next_at = now()`;
  await expect(relayStarts(database, new Client({ connection: nowhere }))).rejects.toThrow();
  expect(await database.sql`select run, attempts from outbox`).toEqual([{ run, attempts: 1 }]);
  await nowhere.close();
  await database.close();
});
