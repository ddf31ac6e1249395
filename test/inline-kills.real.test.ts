import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '#jobs/seeded-random.ts';
import { eventually } from './api-client.ts';
import { type Stack, startStack, untilReady } from './stack.ts';

const KILLS = 4;
const RUNS_AT_ONCE = 4;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

let dir: string;
let stack: Stack;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'capstan-inline-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
});

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];

test(`a worker killed ${KILLS} times during rows of inline steps: no effect happens without a shown attempt`, async () => {
  console.log(`kills: seed ${SEED}`);
  const random = seededRandom(SEED);
  const file = path.join(dir, 'effects');
  const marks = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  await stack.as.job({
    name: 'row',
    steps: KEYS.map((id) => ({
      id,
      type: 'local.exec',
      inline: true,
      timeout: '5s',
      config: { command: `echo "$RUN ${id}" >> ${file}; sleep 0.05`, environment: { RUN: '${{ run.id }}' } },
      retry: { attempts: 20, delay: '10ms', max_delay: '50ms', on: ['lost'] },
    })),
  });
  const runs: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = (await marks()).length;
    runs.push(...(await Promise.all(Array.from({ length: RUNS_AT_ONCE }, () => stack.as.start('row')))));
    await eventually(marks, (seen) => seen.length > before, 30_000);
    await sleep(random() * 250);
    await stack.worker.kill();
    stack.worker.start();
    await untilReady(stack.url, [stack.worker, stack.api]);
  }
  for (const run of runs) expect(await stack.as.until(run, undefined, 60_000), `seed ${SEED}`).toMatchObject({ status: 'completed' });

  const effects = Map.groupBy(await marks(), (mark) => mark);
  const shown = await Promise.all(
    runs.map(async (run) => (await stack.as.steps(run)).map(({ key, attempts }) => ({ mark: `${run} ${key}`, attempts: attempts.length }))),
  );
  const unseen = shown.flat().filter(({ mark, attempts }) => (effects.get(mark)?.length ?? 0) > attempts || attempts === 0);
  expect(unseen, `seed ${SEED}`).toEqual([]);
  expect(shown.flat()).toHaveLength(runs.length * KEYS.length);
  // Otherwise no kill met a row under way, and nothing was tested.
  expect(shown.flat().some(({ attempts }) => attempts > 1)).toBe(true);
}, 240_000);
