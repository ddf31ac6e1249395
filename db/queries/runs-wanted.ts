import type { PendingQuery, Row } from 'postgres';
import type { RunStatus } from '#jobs/run-state.ts';
import type { Queryable } from '../client.ts';
import { firstIdAt } from '../partitions.ts';
import type { Trigger } from '../schema/words.ts';
import { runsToAnswer } from './list-approvals.ts';

/** What runs have in common; every field given must hold. */
export interface RunsWanted {
  readonly ids?: readonly string[] | undefined;
  readonly status?: readonly RunStatus[] | undefined;
  readonly number?: number | undefined;
  /** A name; with `*` at its end every name that begins so. */
  readonly job?: string | undefined;
  /** Of jobs that carry this tag now: their names, as `jobsTagged` finds them. */
  readonly jobs?: readonly string[] | undefined;
  readonly client?: string | undefined;
  readonly ref_num?: string | undefined;
  readonly created_by?: string | undefined;
  readonly target?: string | undefined;
  readonly timezone?: string | undefined;
  readonly trigger?: readonly Trigger[] | undefined;
  readonly priority?: readonly number[] | undefined;
  /** A part of what failed runs say, in any case. */
  readonly error?: string | undefined;
  /** Sub-runs of this run; runs that its end started. */
  readonly parent?: string | undefined;
  readonly chain_source?: string | undefined;
  /** By the schedule of this name. */
  readonly schedule?: string | undefined;
  /** What an operation on many was done to; where it made runs, those. */
  readonly bulk?: string | undefined;
  /** In which a step waits for an answer that this person may give and has not. */
  readonly answerable?: { readonly actor: string; readonly names: readonly string[] } | undefined;
  /** Under way, with a step whose first try failed at least so many milliseconds ago and that is still tried anew. */
  readonly retrying?: number | undefined;
  /** Accepted at or after, and before. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

type Fragment = PendingQuery<Row[]>;
type Where = { readonly [F in keyof RunsWanted]-?: (sql: Queryable, value: NonNullable<RunsWanted[F]>) => Fragment };

/** How each filter reads, for runs that are called `r`. */
const WHERE: Where = {
  ids: (sql, ids) => sql`r.id = any(${[...ids]}::uuid[])`,
  status: (sql, statuses) => sql`r.status = any(${[...statuses]}::text[])`,
  number: (sql, number) => sql`r.number = ${number}`,
  job: (sql, job) =>
    // Written with the operators of its index, as the pattern is not known when the query is planned.
    job.endsWith('*') ? sql`r.job ~>=~ ${job.slice(0, -1)} and r.job ~<~ ${`${job.slice(0, -1)}\u{10ffff}`}` : sql`r.job = ${job}`,
  jobs: (sql, jobs) => sql`r.job = any(${[...jobs]}::text[])`,
  client: (sql, client) => sql`r.client = ${client}`,
  ref_num: (sql, refNum) => sql`r.ref_num = ${refNum}`,
  created_by: (sql, user) => sql`r.created_by = ${user}`,
  target: (sql, target) => sql`r.target = ${target}`,
  timezone: (sql, zone) => sql`r.timezone = ${zone}`,
  trigger: (sql, triggers) =>
    triggers.length === 1 ? sql`r.trigger = ${triggers[0] ?? ''}` : sql`r.trigger = any(${[...triggers]}::text[])`,
  priority: (sql, priorities) => sql`r.priority = any(${[...priorities]}::smallint[])`,
  error: (sql, text) => sql`r.error_message is not null and r.error_message ilike ${`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`}`,
  parent: (sql, run) => sql`r.parent_run = ${run}::uuid`,
  chain_source: (sql, run) => sql`r.chain_source = ${run}::uuid`,
  schedule: (sql, name) => sql`r.schedule = ${name}`,
  bulk: (sql, id) => sql`r.id in (
    select coalesce(i.made, i.subject::uuid) from bulk_items i
    where i.bulk_id = ${id} and (select o.subject_kind = 'runs' or i.made is not null from bulk_operations o where o.id = i.bulk_id))`,
  answerable: (sql, by) => sql`r.ended_at is null and r.id in (${runsToAnswer(sql, by)})`,
  retrying: (sql, ms) => sql`r.ended_at is null and exists (
    select from run_steps s join step_attempts a on a.run_id = s.run_id and a.key = s.key
    where s.run_id = r.id and s.ended_at is null and (s.status = 'retrying' or (s.status = 'running' and s.attempt > 1)) 
      and a.ended_at < now() - ${ms} * interval '1 millisecond')`,
  since: (sql, at) => sql`r.id >= ${firstIdAt(at)}`,
  until: (sql, at) => sql`r.id < ${firstIdAt(at)}`,
};

/**
 * The conditions of a filter on runs `r`, each by itself. Served by runs_project_id (project, id desc), runs_status, runs_job, runs_client,
 * runs_ref_num, runs_created_by, runs_target, runs_timezone and runs_trigger (project, the column, id desc), runs_error (project, id desc),
 * runs_number, runs_parent, runs_chain_source and runs_schedule_name; what is answerable by run_steps_approvals, what is retrying by runs_open and the
 * keys of their steps; by priority, and by what few runs of many have in common, rows are looked
 * through, which callers bound in time.
 */
export const conditionsOf = (sql: Queryable, project: string, wanted: RunsWanted): readonly Fragment[] => [
  sql`r.project = ${project}`,
  ...(Object.keys(WHERE) as (keyof RunsWanted)[]).flatMap((name) => {
    const value = wanted[name];
    // Each way to read a filter takes what that filter holds.
    return value === undefined ? [] : [(WHERE[name] as (sql: Queryable, value: unknown) => Fragment)(sql, value)];
  }),
];

/** Conditions as one. */
export const allOf = (sql: Queryable, conditions: readonly Fragment[]): Fragment =>
  sql`${conditions.flatMap((condition, index) => (index === 0 ? [condition] : [sql` and `, condition]))}`;

/** The names of the jobs that carry a tag now, those in the trash too. Served by jobs_name. */
export const jobsTagged = async (sql: Queryable, project: string, tag: string): Promise<readonly string[]> =>
  (await sql<{ name: string }[]>`select distinct name from jobs where project = ${project} and ${tag} = any(tags)`).map(({ name }) => name);
