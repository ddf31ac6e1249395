import type { MissedReason } from '#jobs/schedules/fire-state.ts';
import type { Transaction } from '../../client.ts';
import type { ScheduleFireRow, ScheduleRow } from '../../schema/schedules.ts';
import type { Fire, FireOutcome } from './accept-fire.ts';
import { lockMoment } from './asked-fires.ts';
import { triggerOf } from './fire-trigger.ts';

/** The row of a moment, as far as its run depends on it. */
export type ClaimedRow = Pick<ScheduleFireRow, 'id' | 'trigger' | 'asked_by' | 'parameters' | 'note'>;

/** The row of a moment, held by this transaction until it says what became of it; or that somebody has it. */
export type Claim =
  | { readonly outcome: 'ours'; readonly row: ClaimedRow /** Nobody knew of the moment before. */; readonly isNew?: true }
  | { readonly outcome: 'known'; readonly run: string; readonly row: ClaimedRow }
  | Extract<FireOutcome, { outcome: 'taken' }>;

/** Reasons that hold only as long as nobody knows better: what the server had put aside may begin after all. */
const PROVISIONAL: readonly MissedReason[] = ['overlap', 'catchup', 'buffer_full'];

/** Takes the moment for this fire: what it was given before, what was asked for, a new row, or a row that says it was missed where this is known better. */
export async function claimFire(tx: Transaction, schedule: ScheduleRow, fire: Fire): Promise<Claim> {
  const { nominalAt, again, backfill = null, askedBy = null, workflow } = fire;
  const nominal = new Date(nominalAt);
  const trigger = fire.trigger ?? (await triggerOf(tx, schedule, nominalAt));
  // Most moments come once, and others have a row of their own number only beside this one.
  const [fresh] = await tx<ClaimedRow[]>`
    insert into schedule_fires (project, schedule_id, schedule, nominal_at, again, trigger, status, backfill, asked_by)
    values (${schedule.project}, ${schedule.id}, ${schedule.name}, ${nominal}, ${again ?? 0}, ${trigger}, 'started', ${backfill}, ${askedBy})
    on conflict (schedule_id, nominal_at, again) do nothing
    returning id, trigger, asked_by, parameters, note`;
  if (fresh) return { outcome: 'ours', row: fresh, isNew: true };

  await lockMoment(tx, schedule.id, nominalAt);
  const rows = await tx<ScheduleFireRow[]>`
    select * from schedule_fires where schedule_id = ${schedule.id} and nominal_at = ${nominal} order by again for update`;
  const own = rows.find((row) => (workflow && row.execution === workflow.execution) || (backfill !== null && row.backfill === backfill));
  if (own) return own.run === null ? { outcome: 'taken', run: null } : { outcome: 'known', run: own.run, row: own };

  // A workflow does not know which of several runs of its moment it is to be.
  const asked = rows.find((row) => row.status === 'asked' && (again === undefined || row.again === again));
  if (asked) return { outcome: 'ours', row: asked };

  const known = rows.find((row) => row.again === (again ?? 0));
  if (!known) throw new Error(`the row of ${nominal.toISOString()} of schedule ${schedule.name} was just deleted`);
  const isBetterKnown = known.status === 'missed' && (askedBy !== null || (known.reason !== null && PROVISIONAL.includes(known.reason)));
  if (!isBetterKnown) return { outcome: 'taken', run: known.run };
  return { outcome: 'ours', row: { ...known, trigger, asked_by: askedBy } };
}

/** Writes down the run that a moment has; its schedule shows it unless a later moment had one. */
export const settleStarted = async (
  tx: Transaction,
  { schedule, nominalAt, backfill, workflow }: Fire,
  row: ClaimedRow,
  run: string,
): Promise<void> => {
  await tx`
    with fired as (
      update schedule_fires set status = 'started', reason = null, message = null, run = ${run}, trigger = ${row.trigger},
        asked_by = ${row.asked_by}, execution = ${workflow?.execution ?? null}, backfill = coalesce(${backfill ?? null}, backfill), decided_at = now()
      where id = ${row.id}
    )
    update schedules set last_fire_at = ${new Date(nominalAt)}, last_run = ${run}, last_status = 'queued'
    where id = ${schedule} and (last_fire_at is null or last_fire_at <= ${new Date(nominalAt)})`;
};

/** Writes down why a moment has none. */
export const settleMissed = async (
  tx: Transaction,
  { workflow }: Fire,
  row: ClaimedRow,
  reason: MissedReason,
  message: string,
): Promise<void> => {
  await tx`
    update schedule_fires set status = 'missed', trigger = ${row.trigger}, reason = ${reason}, message = ${message}, run = null,
      execution = ${workflow?.execution ?? null}, decided_at = now()
    where id = ${row.id}`;
};

/** Gives a moment back that the schedule does not mean, as if nobody had asked. */
export const forgetClaim = async (tx: Transaction, { id }: ClaimedRow): Promise<void> => {
  await tx`delete from schedule_fires where id = ${id}`;
};
