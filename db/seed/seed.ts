import { createHash } from 'node:crypto';
import { canonical } from '#jobs/canonical.ts';
import { compile } from '#jobs/compile.ts';
import { parseDefinition } from '#jobs/definition.ts';
import type { Json } from '#jobs/json.ts';
import type { SpecsByType } from '#jobs/step.ts';
import type { Sql, Transaction } from '../client.ts';
import { addPastMonth, ensurePartitions, monthOf } from '../partitions.ts';
import { recountHours } from '../queries/fold-stats.ts';
import { type CheckedJob, saveJobsIn } from '../queries/save-job.ts';
import { copyInto } from './copy.ts';
import { CHUNK_COLUMNS, LONG_JOB, largeRun, longLog, longStep, WIDE_JOB, wideSteps } from './large-runs.ts';
import { type MadeRun, madeRuns, type Past } from './made-runs.ts';
import { ATTEMPT_COLUMNS, attemptRow, type MadeStep, RUN_COLUMNS, runRow, STEP_COLUMNS, stepRow, stepsOf } from './run-rows.ts';
import { STATS_COLUMNS, statsCounter } from './stats.ts';
import { SEEDED_JOBS, type SeededJob, sourceOf } from './world.ts';

const PROJECT = 'default';
const LARGE_RUNS = 2;
const BY = { actor: 'seed', request_id: null, reason: 'a made-up past' };

/** What is asked of a seeding. */
export interface SeedOrder extends Past {
  /** Only so many of the newest runs have rows for their steps. */
  readonly withSteps: number;
  /** The lines of the long log. */
  readonly logLines: number;
  readonly specs: SpecsByType;
  /** Told after each month. */
  readonly onProgress: (runs: number) => void;
}

/** Fills an empty installation with a past: jobs, their runs with statistics, one run of 5,000 steps and one with a long log. Throws when there are runs already, or an earlier seeding did not end. */
export async function seed(sql: Sql, order: SeedOrder): Promise<void> {
  await requireEmpty(sql);
  // Whoever is accepted meanwhile gets a number after all of these.
  await sql`select setval('run_numbers', ${order.runs + LARGE_RUNS})`;
  const now = new Date(order.until);
  await ensurePartitions(sql, new Date());
  const jobs = await saveJobs(sql, order.specs);
  const stats = statsCounter(PROJECT);
  const all = oneAhead(madeRuns(order));
  let made = 0;
  for (let offset = monthsBetween(order.from, order.until); offset >= 0; offset--) {
    const month = monthOf(now, -offset);
    await addPastMonth(sql, month, async (tx, suffix) => {
      const newest: MadeRun[] = [];
      function* ofMonth() {
        for (let run = all.peek(); run !== undefined && run.id < month.to; run = all.next()) {
          stats.add(run);
          if (run.number > order.runs - order.withSteps) newest.push(run);
          made += 1;
          yield runRow(run, jobs.get(run.job.name) ?? '');
        }
      }
      await copyInto(tx, `runs_${suffix}`, RUN_COLUMNS, ofMonth());
      await copySteps(
        tx,
        suffix,
        newest.flatMap((run) => [...stepsOf(run)]),
      );
      if (offset === 0) made += await addLargeRuns(tx, suffix, order, jobs, stats.add);
      await copyInto(tx, 'run_stats', STATS_COLUMNS, stats.before(offset === 0 ? Infinity : month.endsAt));
    });
    order.onProgress(made);
  }
  await recountHours(sql);
  await sql.unsafe('analyze');
}

async function requireEmpty(sql: Sql): Promise<void> {
  const [begun] = await sql`select from audit_entries where actor = ${BY.actor} and action = 'job.create' limit 1`;
  const [counted] = await sql`select from run_hours limit 1`;
  if (begun && !counted) {
    throw new Error(
      'an earlier seeding of this database did not end, and what it left cannot be added to; drop the database, create it anew and seed again',
    );
  }
  const [held] = await sql`select from runs limit 1`;
  if (held || begun) throw new Error('this installation has runs already; seeding is for an empty one');
}

async function copySteps(tx: Transaction, suffix: string, steps: readonly MadeStep[]): Promise<void> {
  await copyInto(tx, `run_steps_${suffix}`, STEP_COLUMNS, steps.map(stepRow));
  await copyInto(tx, `step_attempts_${suffix}`, ATTEMPT_COLUMNS, steps.map(attemptRow));
}

/** Answers how many there are. */
async function addLargeRuns(
  tx: Transaction,
  suffix: string,
  { runs, seed: from, until, logLines }: SeedOrder,
  jobs: ReadonlyMap<string, string>,
  count: (run: MadeRun) => void,
): Promise<number> {
  const wide = largeRun(WIDE_JOB, runs + 1, from + 1, until);
  const long = largeRun(LONG_JOB, runs + 2, from + 2, until);
  for (const run of [wide, long]) count(run);
  await copyInto(
    tx,
    `runs_${suffix}`,
    RUN_COLUMNS,
    [wide, long].map((run) => runRow(run, jobs.get(run.job.name) ?? '')),
  );
  await copySteps(tx, suffix, [...wideSteps(wide), longStep(long)]);
  await copyInto(tx, `log_chunks_${suffix}`, CHUNK_COLUMNS, longLog(long, logLines));
  return LARGE_RUNS;
}

async function saveJobs(sql: Sql, specs: SpecsByType): Promise<ReadonlyMap<string, string>> {
  const changes = [...SEEDED_JOBS, WIDE_JOB, LONG_JOB].map((job) => ({ job: checked(job, specs), expected: null }));
  const saved = await sql.begin((tx) => saveJobsIn(tx, PROJECT, changes, BY));
  return new Map(saved.map(({ name, id }) => [name, id]));
}

function checked(job: SeededJob, specs: SpecsByType): CheckedJob {
  const source = sourceOf(job);
  const { definition } = parseDefinition(source, specs);
  const hash = createHash('sha256')
    .update(canonical(definition as unknown as Json))
    .digest('hex');
  return { source, format: 'yaml', definition, plan: compile(definition, specs), hash };
}

function monthsBetween(from: number, until: number): number {
  const [first, last] = [new Date(from), new Date(until)];
  return (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth();
}

/** A sequence whose next value may be looked at. */
function oneAhead<T>(values: Generator<T>): { peek(): T | undefined; next(): T | undefined } {
  const take = () => values.next().value as T | undefined;
  let ahead = take();
  return {
    peek: () => ahead,
    next: () => {
      ahead = take();
      return ahead;
    },
  };
}
