import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './api-client.ts';
import { endInTemporal, type Stack, startStack } from './stack.ts';

const RUNS = 200;

let dir: string;
let stack: Stack;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-many-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

test(`${RUNS} runs started at once through the API all complete, each step once, and rows say what Temporal says`, async () => {
  const marks = path.join(dir, 'marks');
  const mark = (id: string) => ({
    id,
    type: 'local.exec',
    retry: { attempts: 1 },
    config: { command: `echo "$RUN ${id}" >> ${marks}`, environment: { RUN: '${{ run.id }}' } },
  });
  await stack.as.job({ name: 'many', steps: [mark('one'), mark('two')] });
  const ids = await Promise.all(Array.from({ length: RUNS }, (_, at) => stack.as.start('many', { ref_num: `r-${at}` })));
  expect(new Set(ids).size).toBe(RUNS);

  const { sql } = stack.database;
  await eventually(
    async () => (await sql<{ open: number }[]>`select count(*)::int as open from runs where ended_at is null`)[0]?.open,
    (open) => open === 0,
    150_000,
  );
  const rows = await sql`
    select id, status, completed_steps, failed_steps, progress from runs order by id`;
  expect(rows.map((row) => row.id)).toEqual([...ids].sort());
  for (const row of rows) expect(row).toMatchObject({ status: 'completed', completed_steps: 2, failed_steps: 0, progress: 100 });
  for (const id of ids) expect([id, await endInTemporal(stack.temporal, id)]).toEqual([id, 'COMPLETED']);

  const attempts = await sql`select run_id, key, count(*)::int as attempts, min(status) as status from step_attempts group by 1, 2`;
  expect(attempts).toHaveLength(2 * RUNS);
  for (const attempt of attempts) expect(attempt).toMatchObject({ attempts: 1, status: 'completed' });
  const effects = (await readFile(marks, 'utf8')).trim().split('\n');
  expect(effects.sort()).toEqual(ids.flatMap((id) => [`${id} one`, `${id} two`]).sort());
  await eventually(
    () => sql`select run from outbox`,
    (owed) => owed.length === 0,
    10_000,
  );
}, 240_000);
