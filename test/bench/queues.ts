import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { useQueues } from '#db/queries/queues/use-queue.ts';
import { queueName } from '#jobs/queues/name.ts';
import { ZONE_NAMES } from '#jobs/zones/names.ts';
import { eventually } from '../api-client.ts';
import { startProcess } from '../own-process.ts';
import { type Arena, startBenchStack } from './bench-stack.ts';
import { spread } from './measure.ts';
import type { Finding } from './result.ts';

/** What starting leaves to do is done by then, and every chore has had a round. */
const SETTLE_MS = 15_000;
const IDLE_MS = 20_000;
const GOAL_MB = 0.5;

/** What so many queues of zones cost one worker process of the product: memory each, time until they are served, processor while nothing happens, time to leave. */
export async function measureQueues(queues: number): Promise<readonly Finding[]> {
  const stack = await startBenchStack();
  const arena = await stack.arena('product');
  const worker = startProcess('worker/main.ts', arena.env);
  try {
    await eventually(
      () => served(arena, worker.pid),
      (names) => names.length > 0,
      60_000,
    );
    await sleep(SETTLE_MS);
    const [without, idleWithout] = [await memoryMb(worker.pid), await busyShare(worker.pid)];
    const wanted = ZONE_NAMES.slice(0, queues).map((zone) => queueName('local', zone));
    const opening = performance.now();
    await useQueues(arena.database.sql, wanted);
    await eventually(
      () => served(arena, worker.pid),
      (names) => names.filter((name) => name.includes('@')).length === wanted.length,
      120_000,
    );
    const opened = performance.now() - opening;
    await sleep(SETTLE_MS);
    const [withAll, idleWithAll] = [await memoryMb(worker.pid), await busyShare(worker.pid)];
    const leaving = performance.now();
    await worker.stop();
    const left = performance.now() - leaving;
    const each = Math.round(((withAll - without) / wanted.length) * 1_000) / 1_000;
    return [
      {
        what: `memory of each of ${wanted.length} idle queues of zones`,
        unit: 'MB',
        capstan: spread([each]),
        against: null,
        verdict: `the worker grows from ${Math.round(without)} to ${Math.round(withAll)} MB`,
        goal: { words: `≤ ${GOAL_MB} MB`, met: each <= GOAL_MB },
      },
      shown(`${wanted.length} queues of zones, from first use to served`, opened, 'each has a poll of its own under way'),
      shown(
        `a worker with ${wanted.length} idle queues, told to leave`,
        left,
        `idle it took ${percent(idleWithAll)} of a core, and ${percent(idleWithout)} without any`,
      ),
    ];
  } finally {
    await worker.stop();
    await stack.stop();
  }
}

const shown = (what: string, ms: number, verdict: string): Finding => ({
  what,
  unit: 'ms',
  capstan: spread([Math.round(ms)]),
  against: null,
  verdict,
  goal: null,
});

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;

async function served({ database }: Arena, pid: number): Promise<readonly string[]> {
  const [row] = await database.sql<{ queues: readonly string[] }[]>`select queues from workers where pid = ${pid}`;
  return row?.queues ?? [];
}

async function memoryMb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1_024;
}

/** The part of one core that a process takes while nothing is asked of it. */
async function busyShare(pid: number): Promise<number> {
  const before = await ticksOf(pid);
  await sleep(IDLE_MS);
  return ((await ticksOf(pid)) - before) / TICKS_PER_SECOND / (IDLE_MS / 1_000);
}

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

async function ticksOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
