import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '#jobs/json.ts';
import { startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { startTemporal } from '#platform/local/temporal.ts';
import { provideTemporal } from '#platform/local/temporal-binary.ts';
import { type Stack, startStack } from '../stack.ts';
import { KEPT_RUNS, type KeptRun } from './cases.ts';
import { historyToJson } from './json.ts';
import { refuseTraces, scrub } from './scrub.ts';

// Makes the histories that workflows/replay.real.test.ts replays, on real servers: `npm run histories [-- name…]`.
// A release keeps those of the releases before it: record only what is missing.

const KEPT = fileURLToPath(new URL('../../workflows/histories', import.meta.url));

const wanted = process.argv.slice(2);
const runs = KEPT_RUNS.filter(({ job }) => wanted.length === 0 || wanted.includes(job.name));
await mkdir(KEPT, { recursive: true });
await withStack((stack) => Promise.all(runs.map((run) => record(stack, run))));
process.exit(0);

async function withStack(work: (stack: Stack) => Promise<unknown>): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'capstan-histories-'));
  const { path: binary } = await provideTemporal();
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dir: path.join(dir, 'postgres') }),
    // A server that calls a history long early, so that the one that continues as new stays small.
    startTemporal({ binary, logDir: dir, uiPort: null, dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 } }),
  ]);
  const stack = await startStack({ postgresUrl: postgres.url, temporalAddress: temporal.address });
  try {
    await work(stack);
  } finally {
    await stack.stop();
    await Promise.all([postgres.stop(), temporal.stop()]);
    removePostgres(path.join(dir, 'postgres'));
    await rm(dir, { recursive: true, force: true });
  }
}

async function record(stack: Stack, { job, prepare, start, steer, slices }: KeptRun): Promise<void> {
  await prepare?.(stack);
  const name = await stack.as.job(job);
  const run = await (start ? start(stack, name) : stack.as.start(name));
  await steer?.(stack, run);
  const { status } = await stack.as.until(run);
  const [row] = await stack.database.sql<{ workflow_id: string }[]>`select workflow_id from runs where id = ${run}`;
  const ids = [row?.workflow_id ?? '', ...(slices?.(run) ?? [])];
  const histories = (await Promise.all(ids.map((id) => historiesOf(stack, id)))).flat();
  for (const file of await readdir(KEPT)) if (new RegExp(`^${job.name}(-\\d+)?\\.json$`).test(file)) await rm(path.join(KEPT, file));
  for (const [at, history] of histories.entries()) {
    const name = histories.length === 1 ? job.name : `${job.name}-${at + 1}`;
    const kept = scrub(history);
    refuseTraces(name, kept);
    await writeFile(path.join(KEPT, `${name}.json`), `${JSON.stringify(kept)}\n`);
  }
  console.log(`${job.name}: ${status}, ${histories.length === 1 ? 'one history' : `${histories.length} histories`}`);
}

/** Every history of a workflow, the first one first. */
async function historiesOf({ temporal }: Stack, workflowId: string): Promise<readonly Json[]> {
  const histories: Json[] = [];
  for (let runId: string | undefined, more = true; more; ) {
    const history = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.unshift(historyToJson(history));
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
    more = Boolean(runId);
  }
  return histories;
}
