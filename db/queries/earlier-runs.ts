import type { JsonObject } from '#jobs/json.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';

/** How long a step has usually taken. */
export interface UsualDuration {
  readonly step_id: string;
  readonly ms: number;
}

/** The median duration of each step over the job's last twenty completed runs, of the whole step where it ran in parts. Served by runs_job and the primary key of run_steps. */
export const usualDurations = async (sql: Queryable, project: string, job: string): Promise<readonly UsualDuration[]> =>
  sql<UsualDuration[]>`
    select s.step_id, percentile_disc(0.5) within group (order by s.duration_ms)::bigint as ms
    from (
      select id from runs where project = ${project} and job = ${job} and status = 'completed' order by id desc limit 20
    ) last join run_steps s on s.run_id = last.id
    where s.parent_key is null and s.duration_ms is not null group by s.step_id`;

/** As much of a run as the next one is held against. */
export interface LastRun {
  readonly id: string;
  readonly number: number;
  readonly version: number | null;
  readonly status: RunStatus;
  readonly parameters: JsonObject;
  /** Targets by step, in order. */
  readonly targets: { readonly [step: string]: readonly string[] };
}

/** The job's newest run that has ended, with the targets its steps were carried out on; null when there is none. Served by runs_job and the primary key of run_steps. */
export const findLastRun = async (sql: Queryable, project: string, job: string): Promise<LastRun | null> => {
  const [run] = await sql<LastRun[]>`
    select id, number, version, status, parameters, '{}'::jsonb as targets from runs
    where project = ${project} and job = ${job} and ended_at is not null order by id desc limit 1`;
  if (!run) return null;
  const steps = await sql<{ step_id: string; targets: readonly string[] | null; target: string | null }[]>`
    select step_id, targets, target from run_steps where run_id = ${run.id} and parent_key is null`;
  const known = steps.flatMap(({ step_id, targets, target }) => {
    const all = targets ?? (target === null ? null : [target]);
    return all === null ? [] : [[step_id, all] as const];
  });
  return { ...run, targets: Object.fromEntries(known) };
};
