import { initialState } from '#jobs/apply-event.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';
import { summarize } from '#jobs/summarize.ts';
import { targetWords } from '#jobs/target-words.ts';
import type { RunInput } from '#workflows/messages.ts';
import { workflowIdOf } from '#workflows/messages.ts';
import { type Audit, auditEntry } from '../audit.ts';
import { jsonRows, type Queryable } from '../client.ts';
import { CHANNEL, noticePayloads } from '../notices.ts';
import type { RunRow, Trigger } from '../schema/runs.ts';
import type { SealedFields } from '../schema/targets.ts';
import { keptRows, type Rerun } from './kept-rows.ts';

/** A run as it is accepted; `input` is what its workflow starts with and holds run, project, target and parameters. */
export interface NewRun {
  readonly input: RunInput;
  readonly job_id: string | null;
  readonly version: number | null;
  /** Its own definition, for a run of no job. */
  readonly definition?: JobDefinition | null;
  readonly title: string | null;
  readonly message: string | null;
  readonly client: string | null;
  readonly ref_num: string | null;
  readonly priority: number;
  readonly timezone: string | null;
  readonly trigger: Trigger;
  readonly created_by: string;
  readonly retry_of?: string | null;
  readonly retry_count?: number;
  readonly sample?: boolean;
  /** Of a sub-run: whose step asked for it, and at which try. */
  readonly parent?: { readonly run: string; readonly key: string; readonly attempt: number } | null;
  /** The run whose end started this one. */
  readonly chain_source?: string | null;
  readonly chain_depth?: number;
  /** The schedule that started it, and the moment (epoch milliseconds) it stands for. */
  readonly schedule?: { readonly id: string; readonly name: string; readonly nominalAt: number } | null;
  /** Its workflow is there and has asked for it: no start is owed. */
  readonly isUnderWay?: boolean;
  /** Ids of the steps that were chosen; null: all. */
  readonly steps?: readonly string[] | null;
  /** What the checks of its definition say against it, which does not keep it from running. */
  readonly warnings?: readonly string[];
  readonly rerun?: Rerun | null;
  /** Secret parameters, kept until the run ends. */
  readonly sealed?: SealedFields | null;
}

/** An `Idempotency-Key` with the hash of the request it came with. */
export interface Idempotency {
  readonly key: string;
  readonly body_hash: string;
}

export type InsertedRun =
  | { readonly outcome: 'created'; readonly run: string; readonly number: number; readonly row: RunRow }
  /** The same key came with the same request before; this is the run it made. */
  | { readonly outcome: 'known'; readonly run: string };

/** The same `Idempotency-Key` came with another request before. */
export class IdempotencyConflict extends Error {
  override readonly name = 'IdempotencyConflict';

  constructor(key: string, made?: string) {
    super(`Idempotency-Key "${key}" was used with a different request${made === undefined ? '' : `, which made ${made}`}`);
  }
}

/** How long the request that made a run may take to start it before the relay does. */
const GRACE_SECONDS = 2;

/** Accepts a run: run, outbox row, idempotency key and audit in one statement, so all or nothing in one round trip. */
export const insertRun = async (
  sql: Queryable,
  run: NewRun,
  audit: Audit,
  idempotency: Idempotency | null = null,
): Promise<InsertedRun> => {
  const { input, warnings = [] } = run;
  const row = runRow(run);
  const key = idempotency && { ...idempotency, project: input.project, actor: run.created_by };
  const entry = auditEntry(audit, {
    project: input.project,
    action: 'run.start',
    subject_kind: 'run',
    subject: input.run,
    after: { job: row.job, version: row.version, trigger: row.trigger, target: row.target, retry_of: row.retry_of, ...originOf(run) },
  });
  const own = ownInput(run);
  const kept = sql`, kept as (
      insert into run_inputs (run_id, definition, plan, target, steps, rerun, warnings, only_targets, schedule)
      select accepted.id, i.definition, i.plan, i.target, i.steps, i.rerun, i.warnings, i.only_targets, i.schedule
      from accepted, jsonb_to_recordset(${jsonRows(sql, own ? [own] : [])}) as i (
        definition jsonb, plan jsonb, target jsonb, steps jsonb, rerun jsonb, warnings jsonb, only_targets jsonb, schedule jsonb)
    )`;
  const copied = run.rerun ? sql`, copied as (${keptRows(sql, run.rerun)})` : sql``;
  const sealed = run.sealed
    ? sql`, sealed as (
      insert into run_secrets (run_id, project, sealed) select id, project, ${jsonRows(sql, [run.sealed])} -> 0 from accepted
    )`
    : sql``;
  const accepted = await sql<(RunRow & { pg_notify: string })[]>`
    with key as (
      insert into idempotency_keys (project, actor, key, body_hash, run)
      select project, actor, key, body_hash, ${input.run}
      from jsonb_to_recordset(${jsonRows(sql, key ? [key] : [])}) as (project text, actor text, key text, body_hash text)
      on conflict do nothing returning run
    ), accepted as (
      insert into runs (id, project, job, job_id, version, title, status, message, parameters, client, ref_num, priority, timezone,
        trigger, created_by, target, workflow_id, total_steps, retry_of, retry_count, sample, parent_run, parent_key, parent_attempt,
        chain_source, chain_depth, rerun_of, schedule, schedule_id, nominal_at, scheduled_for, completed_steps, progress,
        status_history_count, status_actor, status_at, queued_at)
      select id, project, job, job_id, version, title, status, message, parameters, client, ref_num, priority, timezone,
        trigger, created_by, target, workflow_id, total_steps, retry_of, retry_count, sample, parent_run, parent_key, parent_attempt,
        chain_source, chain_depth, rerun_of, schedule, schedule_id, nominal_at, scheduled_for, completed_steps, progress,
        status_history_count, created_by, now(), coalesce(scheduled_for, now())
      from jsonb_to_recordset(${jsonRows(sql, [row])}) as (
        id uuid, project text, job text, job_id uuid, version integer, title text, status text, message text, parameters jsonb,
        client text, ref_num text, priority smallint, timezone text, trigger text, created_by text, target text, workflow_id text,
        total_steps integer, retry_of uuid, retry_count integer, sample boolean, parent_run uuid, parent_key text, parent_attempt integer,
        chain_source uuid, chain_depth integer, rerun_of uuid, schedule text, schedule_id uuid, nominal_at timestamptz,
        scheduled_for timestamptz, completed_steps integer, progress smallint, status_history_count integer)
      where ${key === null} or exists (select from key)
      returning *
    ), owed as (
      insert into outbox (id, run, kind, payload, next_at)
      select id, id, 'start', ${jsonRows(sql, [input])} -> 0, now() + make_interval(secs => ${GRACE_SECONDS})
      from accepted where ${run.isUnderWay !== true}
    ), history as (
      insert into status_history (run_id, seq, status, message, actor)
      select accepted.id, 0, accepted.status, said.message, ${run.created_by}
      from accepted, unnest(${[run.message, ...warnings.map((warning) => `warning: ${warning}`)]}::text[]) with ordinality as said (message, n)
      order by n
    ), audited as (
      insert into audit_entries (id, project, actor, action, subject_kind, subject, after, request_id, reason)
      select e.id, e.project, e.actor, e.action, e.subject_kind, e.subject, e.after, e.request_id, e.reason
      from accepted, jsonb_to_recordset(${jsonRows(sql, [entry])}) as e (
        id uuid, project text, actor text, action text, subject_kind text, subject text, after jsonb, request_id text, reason text)
    )${own ? kept : sql``}${copied}${sealed}
    select accepted.*, pg_notify(${CHANNEL}, ${noticePayloads({ runs: [input.run] })[0] ?? ''}) from accepted`;
  const [fresh] = accepted;
  if (fresh) {
    const { pg_notify: _, ...row } = fresh;
    return { outcome: 'created', run: input.run, number: row.number, row };
  }
  if (!key) throw new Error(`run ${input.run} was not accepted`);
  const known = await findRunOfKey(sql, key);
  if (known === null) throw new Error(`the run that used Idempotency-Key "${key.key}" was just deleted`);
  return { outcome: 'known', run: known };
};

const runRow = ({ input, job_id, version, title, message, client, ref_num, priority, timezone, trigger, created_by, ...retry }: NewRun) =>
  ({
    id: input.run,
    project: input.project,
    job: input.plan.job,
    job_id,
    version,
    title,
    status: input.scheduledFor === undefined ? 'queued' : 'scheduled',
    message,
    parameters: input.parameters satisfies JsonObject,
    client,
    ref_num,
    priority,
    timezone,
    trigger,
    created_by,
    target: input.target === null ? null : targetWords(input.target),
    workflow_id: input.workflowId ?? workflowIdOf(input.run),
    total_steps: input.plan.steps.length,
    retry_of: retry.retry_of ?? null,
    retry_count: retry.retry_count ?? 0,
    sample: retry.sample ?? false,
    parent_run: retry.parent?.run ?? null,
    parent_key: retry.parent?.key ?? null,
    parent_attempt: retry.parent?.attempt ?? null,
    chain_source: retry.chain_source ?? null,
    chain_depth: retry.chain_depth ?? 0,
    rerun_of: retry.rerun?.of ?? null,
    schedule: retry.schedule?.name ?? null,
    schedule_id: retry.schedule?.id ?? null,
    nominal_at: retry.schedule ? new Date(retry.schedule.nominalAt).toISOString() : null,
    scheduled_for: input.scheduledFor === undefined ? null : new Date(input.scheduledFor).toISOString(),
    ...progressAtStart(input),
    status_history_count: 1 + (retry.warnings?.length ?? 0),
  }) satisfies Partial<RunRow>;

/** What the audit says of a run that something else than a person caused. */
const originOf = ({ parent, chain_source, rerun, schedule }: NewRun) => ({
  ...(rerun && { rerun_of: rerun.of, from: rerun.facts.from }),
  ...(parent && { parent_run: parent.run, parent_key: parent.key }),
  ...(chain_source && { chain_source }),
  ...(schedule && { schedule: schedule.name, nominal_time: new Date(schedule.nominalAt).toISOString() }),
});

/** What no version of a job holds; null when that is nothing. */
function ownInput({
  input: { plan, target, onlyTargets, schedule },
  definition = null,
  steps = null,
  rerun = null,
  warnings = [],
}: NewRun) {
  const own = {
    definition,
    plan: definition && plan,
    target: typeof target === 'string' ? null : target,
    steps,
    rerun: rerun?.facts ?? null,
    warnings: warnings.length > 0 ? warnings : null,
    only_targets: onlyTargets ?? null,
    schedule: schedule ?? null,
  };
  return Object.values(own).every((value) => value === null) ? null : own;
}

/** A run that begins with results is as far as they are. */
function progressAtStart({ run, plan, parameters, target, resume }: RunInput): Pick<RunRow, 'completed_steps' | 'progress'> {
  if (!resume) return { completed_steps: 0, progress: 0 };
  const state = { ...initialState({ run, job: plan.job, started_at: '', parameters, target }), steps: resume.steps };
  const { completed_steps, progress } = summarize(state, plan);
  return { completed_steps, progress };
}

/** The run that this key and request made, or null. Throws IdempotencyConflict when another request came with the key. Served by the primary key. */
export const findRunOfKey = async (
  sql: Queryable,
  { project, actor, key, body_hash }: Idempotency & { readonly project: string; readonly actor: string },
): Promise<string | null> => {
  const [known] = await sql<{ run: string; body_hash: string }[]>`
    select run, body_hash from idempotency_keys where project = ${project} and actor = ${actor} and key = ${key}`;
  if (!known) return null;
  if (known.body_hash !== body_hash) throw new IdempotencyConflict(key, known.run);
  return known.run;
};
