import type { OnConflict } from '#jobs/definition-words.ts';
import { type Claim, grantable, isStuck, type Owner, runOf, type Verdict, verdictOn, type Wait } from '#jobs/lock-queue.ts';
import type { Queryable, Sql } from '../../client.ts';

/** Asks for one key; the same run and step may ask as often as it likes and keeps its place. */
export interface LockAsk {
  readonly project: string;
  readonly key: string;
  readonly run: string;
  /** Empty for the run itself. */
  readonly step: string;
  readonly workflowId: string;
  /** null: the run's. */
  readonly priority: number | null;
  readonly max: number;
  readonly onConflict: OnConflict;
}

/** Who holds a key or waits for it, as people are told. */
export interface LockClaim extends Claim {
  readonly workflowId: string;
  readonly number: number | null;
  readonly job: string | null;
  readonly isToldToEnd: boolean;
}

/** A workflow that has been granted what it waits for. */
export interface Granted {
  readonly workflowId: string;
  readonly step: string;
}

export interface LockReply {
  readonly verdict: Verdict<LockClaim> | { readonly outcome: 'ended' };
  readonly holders: readonly LockClaim[];
  /** The number of the run that asked. */
  readonly number: number | null;
  /** Others that came to hold the key meanwhile. */
  readonly granted: readonly Granted[];
}

/** Asks for a key in one transaction: granted, or in line, or refused without a trace. A run that has ended is granted nothing. */
export const claimLock = (sql: Sql, ask: LockAsk): Promise<LockReply> =>
  sql.begin(async (tx) => {
    const { project, key, run, step } = ask;
    // Whoever closes the run waits until this is over, and takes away what was claimed.
    const [row] = await tx<{ number: number; priority: number; ended: boolean }[]>`
      select number, priority, ended_at is not null as ended from runs where id = ${run} for share`;
    const number = row?.number ?? null;
    if (row?.ended) return { verdict: { outcome: 'ended' }, holders: [], number, granted: [] };
    await lockKey(tx, project, key);
    await tx`
      insert into lock_claims (project, key, run_id, step_key, workflow_id, state, priority, max)
      values (${project}, ${key}, ${run}, ${step}, ${ask.workflowId}, 'waiting', ${ask.priority ?? row?.priority ?? 5}, ${ask.max})
      on conflict (project, key, run_id, step_key) do update set workflow_id = excluded.workflow_id, max = excluded.max`;
    const granted = await moveUp(tx, project, key);
    const verdict = await verdictFor(tx, ask);
    const isWaiting = verdict.verdict.outcome === 'queued' || verdict.verdict.outcome === 'granted';
    if (!isWaiting)
      await tx`delete from lock_claims where project = ${project} and key = ${key} and run_id = ${run} and step_key = ${step}`;
    return { ...verdict, number, granted: granted.filter((one) => one.workflowId !== ask.workflowId || one.step !== step) };
  });

/** Whoever reads or changes the claims of a key does so alone. Several keys are taken in their order. */
export const lockKey = async (tx: Queryable, project: string, key: string): Promise<void> => {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`${project} ${key}`}, 0))`;
};

/** Grants the key to those at the head of its line, as many as may hold it. To be called while the key is locked. */
export const moveUp = async (tx: Queryable, project: string, key: string): Promise<readonly Granted[]> => {
  const head = await tx<{ run_id: string; step_key: string; max: number; holders: number }[]>`
    select run_id, step_key, max,
      (select count(*)::integer from lock_claims where project = ${project} and key = ${key} and state = 'holding') as holders
    from lock_claims where project = ${project} and key = ${key} and state = 'waiting'
    order by priority, since, run_id, step_key limit ${HEAD}`;
  const chosen = head.slice(0, grantable(head[0]?.holders ?? 0, head));
  if (chosen.length === 0) return [];
  const granted = await tx<Granted[]>`
    update lock_claims c set state = 'holding', held_since = clock_timestamp()
    from unnest(${chosen.map(({ run_id }) => run_id)}::uuid[], ${chosen.map(({ step_key }) => step_key)}::text[]) as chosen (run_id, step_key)
    where c.project = ${project} and c.key = ${key} and c.run_id = chosen.run_id and c.step_key = chosen.step_key
    returning c.workflow_id as "workflowId", c.step_key as step`;
  return chosen.length < HEAD ? granted : [...granted, ...(await moveUp(tx, project, key))];
};

/** Of those who wait so many are looked at together; more than one comes to hold a key at once only where `max` is above 1. */
const HEAD = 20;

async function verdictFor(tx: Queryable, ask: LockAsk): Promise<Pick<LockReply, 'verdict' | 'holders'>> {
  const { project, key, run, step } = ask;
  const claims = await tx<(LockClaim & { state: string })[]>`
    select c.run_id as run, c.step_key as step, c.priority, c.max, c.state, c.workflow_id as "workflowId", c.is_told_to_end as "isToldToEnd",
      (extract(epoch from c.since) * 1000)::bigint as since, r.number, r.job
    from lock_claims c left join runs r on r.id = c.run_id
    where c.project = ${project} and c.key = ${key} and (c.state = 'holding' or (c.run_id = ${run} and c.step_key = ${step}))
    order by c.since, c.run_id, c.step_key`;
  const holders = claims.filter(({ state }) => state === 'holding');
  const claim = claims.find((one) => one.run === run && one.step === step);
  if (!claim) throw new Error(`lock ${key}: the claim of run ${run} is gone`);
  if (claim.state === 'holding') return { verdict: { outcome: 'granted' }, holders };
  const above = await ownersAbove(tx, run, step);
  const [line] = await tx<{ ahead: number; holds: boolean }[]>`
    select count(*)::integer as ahead,
      exists (select from lock_claims h where h.state = 'holding' and h.run_id = any(${[run, ...above.map((owner) => owner.run)]}::uuid[])) as holds
    from lock_claims c, lock_claims own
    where own.project = ${project} and own.key = ${key} and own.run_id = ${run} and own.step_key = ${step}
      and c.project = ${project} and c.key = ${key} and c.state = 'waiting'
      and (c.priority, c.since, c.run_id, c.step_key) < (own.priority, own.since, own.run_id, own.step_key)`;
  // Who holds nothing keeps nobody waiting, and so waits for nobody who waits for it.
  const isDead = line?.holds === true && isStuck(claim, await waitsOf(tx, project, claim));
  return { verdict: verdictOn({ claim, holders, ahead: line?.ahead ?? 0, above, isStuck: isDead }, ask.onConflict), holders };
}

/** The run of a step, and the steps and runs whose work that run is. */
async function ownersAbove(tx: Queryable, run: string, step: string): Promise<readonly Owner[]> {
  const parents = await tx<Owner[]>`
    with recursive above (run, step, depth) as (
      select parent_run, coalesce(parent_key, ''), 1 from runs where id = ${run} and parent_run is not null
      union all
      select r.parent_run, coalesce(r.parent_key, ''), depth + 1 from above a join runs r on r.id = a.run where r.parent_run is not null and depth < ${DEEPEST}
    )
    select run, step from above`;
  return [...(step === '' ? [] : [runOf(run)]), ...parents.flatMap((owner) => [owner, runOf(owner.run)])];
}

/** Runs start runs no deeper than this. */
const DEEPEST = 50;
/** Rounds in which those are looked for who wait for one another; what is not found then is found at a later look. */
const ROUNDS = 20;

/** What someone waits for, what those wait for who hold it, and so on; a run waits with its steps and with the runs they started. */
async function waitsOf(tx: Queryable, project: string, owner: Owner): Promise<readonly Wait[]> {
  const waits: Wait[] = [];
  const seen = new Set<string>();
  let next: readonly Owner[] = [owner];
  for (let round = 0; round < ROUNDS && next.length > 0; round += 1) {
    for (const one of next) seen.add(`${one.run} ${one.step}`);
    const found = await tx<Wait[]>`
      with recursive owners as (
        select run, step from unnest(${next.map(({ run }) => run)}::uuid[], ${next.map(({ step }) => step)}::text[]) as o (run, step)
      ), below (run, step, id, depth) as (
        select o.run, o.step, r.id, 1 from owners o join runs r on r.parent_run = o.run and (o.step = '' or r.parent_key = o.step)
        union all
        select b.run, b.step, r.id, depth + 1 from below b join runs r on r.parent_run = b.id where depth < ${DEEPEST}
      ), waiting as (
        select o.run, o.step, w.run_id, w.step_key, w.key from owners o
        join lock_claims w on w.run_id = o.run and (o.step = '' or w.step_key = o.step)
        where w.project = ${project} and w.state = 'waiting'
        union
        select b.run, b.step, w.run_id, w.step_key, w.key from below b join lock_claims w on w.run_id = b.id
        where w.project = ${project} and w.state = 'waiting'
      )
      select jsonb_build_object('run', w.run, 'step', w.step) as owner,
        jsonb_agg(jsonb_build_object('run', h.run_id, 'step', h.step_key)) as holders
      from waiting w join lock_claims h on h.project = ${project} and h.key = w.key and h.state = 'holding'
      group by w.run, w.step, w.run_id, w.step_key, w.key`;
    waits.push(...found);
    next = found.flatMap(({ holders }) => holders).filter(({ run, step }) => !seen.has(`${run} ${step}`));
  }
  return waits;
}
