import type { RunStatus, StepStatus, WaitingFor } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';

/** A step of a run, as a grid shows it. */
export interface GridCell {
  readonly step_id: string;
  readonly step_number: number;
  readonly name: string;
  readonly status: StepStatus;
  readonly waiting_for: WaitingFor | null;
  readonly duration_ms: number | null;
}

/** A run of a job with its steps that have started or ended, each step in parts once. */
export interface GridRun {
  readonly id: string;
  readonly number: number;
  readonly version: number | null;
  readonly status: RunStatus;
  readonly waiting_for: WaitingFor | null;
  readonly trigger: string;
  readonly execution_time_ms: number | null;
  readonly created_at: string;
  readonly steps: readonly GridCell[];
}

/** Steps of a run that a grid tells, first to last; of longer ones the rest is left out. */
export const MOST_GRID_STEPS = 300;

/** Runs of a job with their steps, newest first, strictly after the cursor. Served by runs_job (project, job, id desc) and the primary key of run_steps. */
export const readJobGrid = async (
  sql: Queryable,
  { project, job, after, limit }: { project: string; job: string; after?: string | undefined; limit: number },
): Promise<Page<GridRun>> => {
  const [last] = after === undefined ? [] : readCursor(after, 'grid', ([id]) => typeof id === 'string');
  const runs = await sql<Omit<GridRun, 'steps'>[]>`
    select id, number, version, status, waiting_for, trigger, execution_time_ms, created_at from runs
    where project = ${project} and job = ${job} ${last === undefined ? sql`` : sql`and id < ${String(last)}`}
    order by id desc limit ${limit + 1}`;
  const page = pageOf(runs, limit, ({ id }) => writeCursor('grid', [id]));
  const steps = await sql<(GridCell & { run_id: string })[]>`
    select run_id, step_id, step_number, name, status, waiting_for, duration_ms from run_steps
    where run_id = any(${page.items.map(({ id }) => id)}::uuid[]) and parent_key is null and step_number <= ${MOST_GRID_STEPS}
    order by step_number`;
  const byRun = Map.groupBy(steps, ({ run_id }) => run_id);
  return {
    items: page.items.map((run) => ({ ...run, steps: (byRun.get(run.id) ?? []).map(({ run_id: _, ...cell }) => cell) })),
    next: page.next,
  };
};
