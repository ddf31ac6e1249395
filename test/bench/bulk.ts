import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { STEP_SPECS } from '#activities/catalog.ts';
import { createBulk, findBulk } from '#db/queries/bulk.ts';
import { runsMatching } from '#db/queries/bulk-subjects.ts';
import { insertRun } from '#db/queries/insert-run.ts';
import { settleStarts } from '#db/queries/outbox.ts';
import { BULK_WORKFLOW, bulkWorkflowId } from '#jobs/bulk.ts';
import { compile } from '#jobs/compile.ts';
import type { Plan } from '#jobs/plan.ts';
import { RUN_QUEUE, RUN_WORKFLOW, type RunInput, startOptionsOf } from '#workflows/messages.ts';
import { type Arena, startBenchStack } from './bench-stack.ts';
import type { Finding } from './result.ts';

const AT_ONCE = 50;
const LOOK_MS = 200;
/** Beyond this for each run the measurement is given up. */
const PATIENCE_MS_EACH = 500;
const audit = { actor: 'bench', request_id: 'bench' };

/** So many runs under way, all cancelled by one operation: how fast they are told, and how fast they have ended. */
export async function measureBulk(runs: number): Promise<readonly Finding[]> {
  const stack = await startBenchStack();
  try {
    const arena = await stack.arena('product');
    const plan = compile({ name: 'bench', steps: [{ id: 'wait', type: 'wait.duration', config: { duration: '10d' } }] }, STEP_SPECS);
    await startAll(arena, plan, runs);
    const { told, ended, failed } = await cancelAll(arena, runs);
    return [
      finding(`${runs} runs cancelled by one operation, told`, (runs / told) * 1000, { words: 'none failed', met: failed === 0 }),
      finding(`${runs} runs cancelled by one operation, ended`, (runs / ended) * 1000, null),
    ];
  } finally {
    await stack.stop();
  }
}

const finding = (what: string, perSecond: number, goal: Finding['goal']): Finding => {
  const rate = Math.round(perSecond * 10) / 10;
  return { what, unit: '/s', capstan: { median: rate, min: rate, max: rate }, against: null, verdict: `${rate} runs a second`, goal };
};

/** Starts runs that wait, and returns once all of them do. */
async function startAll(arena: Arena, plan: Plan, runs: number): Promise<void> {
  let next = 0;
  const starter = async (): Promise<void> => {
    while (next < runs) {
      next += 1;
      await startOne(arena, plan);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, starter));
  await until(runs, async () => {
    const [seen] = await arena.database.sql<{ n: number }[]>`select count(*)::integer as n from runs where status = 'waiting'`;
    return seen?.n === runs;
  });
}

async function startOne({ client, database: { sql } }: Arena, plan: Plan): Promise<void> {
  const input: RunInput = { run: uuidv7(), project: 'default', plan, parameters: {}, target: null };
  const run = { job_id: null, version: null, title: null, message: null, client: null, ref_num: null, priority: 5, timezone: null };
  await insertRun(sql, { ...run, input, trigger: 'manual', created_by: 'bench' }, audit);
  await client.workflow.start(RUN_WORKFLOW, startOptionsOf(input));
  await settleStarts(sql, [input.run]);
}

/** Milliseconds until every run was told, and until every run had ended. */
async function cancelAll({ client, database: { sql } }: Arena, runs: number) {
  const began = performance.now();
  const asked = { project: 'default', subject_kind: 'runs', action: 'cancel', reason: null, asked: {} } as const;
  const { id } = await createBulk(sql, asked, (tx) => runsMatching(tx, 'default', { job: 'bench' }), audit);
  await client.workflow.start(BULK_WORKFLOW, { taskQueue: RUN_QUEUE, workflowId: bulkWorkflowId(id), args: [id] });
  let told = 0;
  await until(runs, async () => {
    const bulk = await findBulk(sql, 'default', id);
    if (told === 0 && bulk?.status === 'completed') told = performance.now() - began;
    const [seen] = await sql<{ n: number }[]>`select count(*)::integer as n from runs where ended_at is null`;
    return told > 0 && seen?.n === 0;
  });
  const bulk = await findBulk(sql, 'default', id);
  return { told, ended: performance.now() - began, failed: bulk?.failed ?? runs };
}

async function until(runs: number, isDone: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + runs * PATIENCE_MS_EACH + 60_000;
  while (!(await isDone())) {
    if (performance.now() > giveUpAt) throw new Error(`not done after ${runs * PATIENCE_MS_EACH + 60_000} ms`);
    await sleep(LOOK_MS);
  }
}
