import type { JsonObject } from '#jobs/json.ts';
import type { OverlapPolicy, ScheduleDefinition } from '#jobs/schedules/definition.ts';
import type { Queryable, Transaction } from '../../client.ts';
import type { ScheduleFireRow, ScheduleRow } from '../../schema/schedules.ts';

/** A start that was asked for and has not begun, with as much of its schedule as how to start it depends on. */
export interface AskedFire extends ScheduleFireRow {
  readonly definition: ScheduleDefinition;
  /** Whether a run of the schedule is under way that no backfill made; whether a later moment of it has begun. */
  readonly is_busy: boolean;
  readonly is_overtaken: boolean;
}

/** Nobody else sees to a start for so long. */
const LEASE_SECONDS = 3;

/** Takes starts that were asked for and that nobody has seen to lately: what people asked for, and of each schedule the oldest moment that waits for its turn. Served by schedule_fires_asked. */
export const takeAsked = async (sql: Queryable, limit: number): Promise<readonly AskedFire[]> =>
  sql<AskedFire[]>`
    with heads as (
      (select distinct on (schedule_id) id from schedule_fires where status = 'asked' and trigger <> 'manual' order by schedule_id, nominal_at, again)
      union all
      (select id from schedule_fires where status = 'asked' and trigger = 'manual')
    ), mine as (
      select f.id from schedule_fires f join heads using (id)
      where f.looked_at is null or f.looked_at < now() - make_interval(secs => ${LEASE_SECONDS})
      order by (f.trigger = 'manual') desc, f.looked_at nulls first limit ${limit} for update of f skip locked
    )
    update schedule_fires f set looked_at = now() from schedules s
    where f.id in (select id from mine) and f.status = 'asked' and s.id = f.schedule_id
    returning f.*, s.definition,
      exists (
        select from runs r where r.project = f.project and r.schedule_id = f.schedule_id and r.ended_at is null
          and not exists (select from schedule_fires b where b.run = r.id and b.backfill is not null)) as is_busy,
      exists (
        select from schedule_fires l where l.schedule_id = f.schedule_id and l.nominal_at > f.nominal_at and l.status = 'started' and l.backfill is null) as is_overtaken`;

/** Gives the moments of a schedule that were not met their place in line, those that are within its catch-up window; the others, and those whose turn did not come, are missed. */
export const putInLine = async (sql: Queryable, schedule: string, catchupMs: number): Promise<void> => {
  await sql`
    update schedule_fires set
      in_line_at = case when nominal_at >= now() - make_interval(secs => ${catchupMs / 1_000}) then now() end,
      status = case when nominal_at >= now() - make_interval(secs => ${catchupMs / 1_000}) then 'asked' else 'missed' end,
      reason = case when nominal_at >= now() - make_interval(secs => ${catchupMs / 1_000}) then null else 'catchup' end,
      message = case when nominal_at >= now() - make_interval(secs => ${catchupMs / 1_000}) then null
        else 'nobody was there to start it within its catch-up window' end,
      decided_at = now()
    where schedule_id = ${schedule} and status = 'asked' and trigger = 'catchup' and in_line_at is null`;
  await sql`
    update schedule_fires set status = 'missed', reason = 'overlap', decided_at = now(),
      message = 'its turn did not come: other runs of the schedule were under way for as long as its catch-up window'
    where schedule_id = ${schedule} and status = 'asked' and trigger = 'catchup'
      and in_line_at < now() - make_interval(secs => ${catchupMs / 1_000})`;
};

/** Notes that Temporal was told; false when somebody else has seen to the start meanwhile. */
export const noteTold = async (sql: Queryable, id: string): Promise<boolean> => {
  const rows = await sql`update schedule_fires set told_at = now() where id = ${id} and status = 'asked' returning id`;
  return rows.length > 0;
};

/** Says why a start that was asked for does not happen. */
export const dropAsked = async (sql: Queryable, id: string, message: string): Promise<void> => {
  await sql`
    update schedule_fires set status = 'missed', reason = 'overlap', message = ${message}, decided_at = now() where id = ${id} and status = 'asked'`;
};

/** Drops what was asked of schedules that are gone. */
export const dropOrphans = async (sql: Queryable): Promise<void> => {
  await sql`
    update schedule_fires f set status = 'missed', reason = 'invalid', message = 'the schedule was deleted', decided_at = now()
    from schedules s where f.status = 'asked' and s.id = f.schedule_id and s.deleted_at is not null`;
};

/** What a person asks of a schedule by hand. */
export interface Asking {
  /** Epoch milliseconds. */
  readonly nominalAt: number;
  /** Null: as the schedule has it. */
  readonly overlap: OverlapPolicy | null;
  readonly parameters: JsonObject | null;
  readonly note: string | null;
  readonly actor: string;
}

/** Writes down that a person wants a start of this moment: the moment's own, if it was missed or still waits, else another one. */
export async function askFire(tx: Transaction, { id, project, name }: ScheduleRow, asking: Asking): Promise<ScheduleFireRow> {
  const { overlap, parameters, note, actor } = asking;
  const nominal = new Date(asking.nominalAt);
  await lockMoment(tx, id, asking.nominalAt);
  const values = { trigger: 'manual', status: 'asked', overlap, parameters: parameters as never, note, asked_by: actor } as const;
  const anew = {
    reason: null,
    message: null,
    run: null,
    execution: null,
    told_at: null,
    looked_at: null,
    in_line_at: null,
    decided_at: null,
  };
  for (;;) {
    const [last] = await tx<ScheduleFireRow[]>`
      select * from schedule_fires where schedule_id = ${id} and nominal_at = ${nominal} order by again desc limit 1 for update`;
    const isOpen = last && (last.status === 'missed' || (last.status === 'asked' && last.trigger !== 'manual'));
    const place = { project, schedule_id: id, schedule: name, nominal_at: nominal, again: last ? last.again + 1 : 0 };
    const [row] = isOpen
      ? await tx<ScheduleFireRow[]>`update schedule_fires set ${tx({ ...values, ...anew })} where id = ${last.id} returning *`
      : await tx<ScheduleFireRow[]>`
          insert into schedule_fires ${tx({ ...values, ...place })} on conflict (schedule_id, nominal_at, again) do nothing returning *`;
    // The clock may have been faster, this instant.
    if (row) return row;
  }
}

/** Keeps others from giving a moment its row or its run until the end of the transaction. */
export const lockMoment = async (tx: Transaction, schedule: string, nominalAt: number): Promise<void> => {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`fire ${schedule} ${nominalAt}`}, 0))`;
};
