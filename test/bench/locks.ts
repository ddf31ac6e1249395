import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { insertRun } from '#db/queries/insert-run.ts';
import { settleStarts } from '#db/queries/outbox.ts';
import { compile } from '#jobs/compile.ts';
import type { Plan } from '#jobs/plan.ts';
import { RUN_WORKFLOW, type RunInput, startOptionsOf } from '#workflows/messages.ts';
import { type Arena, startBenchStack } from './bench-stack.ts';
import { NOOP } from './noop.ts';
import type { Finding } from './result.ts';

const AT_ONCE = 50;
const LOOK_MS = 200;
/** Beyond this for each start the measurement is given up. */
const PATIENCE_MS_EACH = 500;

const STEP = { id: 'step', type: NOOP.type, inline: true };
const KEY = 'bench';

/** So many runs started at once that all want one key: how fast they come to stand in line, and how fast the key goes from one to the next. */
export async function measureLocks(starts: number): Promise<readonly Finding[]> {
  const stack = await startBenchStack();
  try {
    const arena = await stack.arena('product');
    const plan = compile({ name: 'bench', limits: { concurrency: { key: KEY } }, steps: [STEP] }, { [NOOP.type]: NOOP });
    const [lined, done] = await Promise.all([startAll(arena, plan, starts), watch(arena, starts)]);
    return [
      finding(`${starts} starts on one lock, accepted and started`, (starts / lined) * 1000, null),
      finding(`${starts} starts on one lock, from first start to last end`, (starts / done.ms) * 1000, {
        words: 'never more than one holder, none left behind',
        met: done.most === 1 && done.left === 0,
      }),
    ];
  } finally {
    await stack.stop();
  }
}

const finding = (what: string, perSecond: number, goal: Finding['goal']): Finding => {
  const rate = Math.round(perSecond * 10) / 10;
  return { what, unit: '/s', capstan: { median: rate, min: rate, max: rate }, against: null, verdict: `${rate} runs a second`, goal };
};

/** Resolves with the milliseconds until the last one was started. */
async function startAll(arena: Arena, plan: Plan, starts: number): Promise<number> {
  const began = performance.now();
  let next = 0;
  const starter = async (): Promise<void> => {
    while (next < starts) {
      next += 1;
      await startOne(arena, plan);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, starter));
  return performance.now() - began;
}

async function startOne({ client, database: { sql } }: Arena, plan: Plan): Promise<void> {
  const input: RunInput = { run: uuidv7(), project: 'default', plan, parameters: {}, target: null };
  const run = { job_id: null, version: null, title: null, message: null, client: null, ref_num: null, priority: 5, timezone: null };
  await insertRun(sql, { ...run, input, trigger: 'manual', created_by: 'bench' }, { actor: 'bench', request_id: 'bench' });
  await client.workflow.start(RUN_WORKFLOW, startOptionsOf(input));
  await settleStarts(sql, [input.run]);
}

/** Looks at the lock until all runs have ended: how long that took, and the most that ever held it. */
async function watch({ database: { sql } }: Arena, starts: number) {
  const began = performance.now();
  let most = 0;
  for (;;) {
    await sleep(LOOK_MS);
    const [seen] = await sql<{ holders: number; ended: number; left: number }[]>`
      select (select count(*)::integer from lock_claims where state = 'holding') as holders,
        (select count(*)::integer from lock_claims) as left,
        (select count(*)::integer from runs where ended_at is not null and status = 'completed') as ended`;
    if (!seen) continue;
    most = Math.max(most, seen.holders);
    const ms = performance.now() - began;
    if (seen.ended >= starts) return { ms, most, left: seen.left };
    if (ms > starts * PATIENCE_MS_EACH + 60_000)
      throw new Error(`${seen.ended} of ${starts} runs had ended after ${Math.round(ms / 1000)} s`);
  }
}
