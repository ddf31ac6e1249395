import { Client, Connection } from '@temporalio/client';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '#db/testing/database.ts';
import { accept } from '#db/testing/runs.ts';
import { freePort } from '#platform/local/free-port.ts';
import { eventually } from '#test/api-client.ts';
import { type Stack, startStack } from '#test/stack.ts';
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
  const ended = await stack.as.run(run);

  await sql`insert into outbox (id, run, kind, payload, next_at) values (${uuidv7()}, ${run}, 'start', ${sql.json(start?.payload as never)}, now())`;
  await untilNoneIsOwed();
  expect(await stack.as.run(run)).toEqual(ended);
  expect((await stack.as.steps(run)).map(({ attempts }) => attempts.length)).toEqual([1, 1]);
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
