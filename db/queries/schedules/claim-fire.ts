import type { Transaction } from '../../client.ts';
import type { ScheduleFireRow, ScheduleRow } from '../../schema/schedules.ts';
import type { FireTrigger, MissedReason } from '../../schema/words.ts';
import type { Fire, FireOutcome } from './accept-fire.ts';
import { triggerOf } from './fire-trigger.ts';

/** The row of a moment, held by this transaction until it says what became of it; or that somebody has it. */
export type Claim =
  | {
      readonly outcome: 'ours';
      readonly id: string;
      readonly trigger: FireTrigger;
      readonly askedBy: string | null;
      readonly execution: string | null;
    }
  | { readonly outcome: 'known'; readonly run: string; readonly trigger: FireTrigger; readonly askedBy: string | null };

/** Reasons that hold only as long as nobody knows better: what the server had put aside may begin after all. */
const PROVISIONAL: readonly MissedReason[] = ['overlap', 'catchup', 'buffer_full'];

/** Takes the moment for this fire: a new row, what a person asked for, or a row that says it was missed where this is known better. */
export async function claimFire(
  tx: Transaction,
  schedule: ScheduleRow,
  fire: Fire,
): Promise<Claim | Extract<FireOutcome, { outcome: 'taken' }>> {
  const { nominalAt, again = 0, backfill = null, askedBy = null, workflow } = fire;
  const nominal = new Date(nominalAt);
  const trigger = fire.trigger ?? (await triggerOf(tx, schedule, nominalAt));
  const execution = workflow?.execution ?? null;
  const [fresh] = await tx<{ id: string }[]>`
    insert into schedule_fires (project, schedule_id, schedule, nominal_at, again, trigger, status, execution, backfill, asked_by)
    values (${schedule.project}, ${schedule.id}, ${schedule.name}, ${nominal}, ${again}, ${trigger}, 'started', ${execution}, ${backfill}, ${askedBy})
    on conflict do nothing returning id`;
  if (fresh) return { outcome: 'ours', id: fresh.id, trigger, askedBy, execution };
  const [row] = await tx<ScheduleFireRow[]>`
    select * from schedule_fires where schedule_id = ${schedule.id} and nominal_at = ${nominal} and again = ${again} for update`;
  if (!row) throw new Error(`the row of ${nominal.toISOString()} of schedule ${schedule.name} was just deleted`);
  if (row.status === 'asked') return { outcome: 'ours', id: row.id, trigger: row.trigger, askedBy: row.asked_by, execution };
  if (row.status === 'missed') {
    const isBetterKnown = askedBy !== null || (row.reason !== null && PROVISIONAL.includes(row.reason));
    return isBetterKnown ? { outcome: 'ours', id: row.id, trigger, askedBy, execution } : { outcome: 'taken', run: null };
  }
  const isSame = (execution !== null && row.execution === execution) || (backfill !== null && row.backfill === backfill);
  return isSame && row.run !== null
    ? { outcome: 'known', run: row.run, trigger: row.trigger, askedBy: row.asked_by }
    : { outcome: 'taken', run: row.run };
}

type Ours = Extract<Claim, { outcome: 'ours' }>;

/** Writes down the run that a moment has. */
export const settleStarted = async (tx: Transaction, fire: Fire, { id, trigger, askedBy, execution }: Ours, run: string): Promise<void> => {
  const { backfill = null } = fire;
  await tx`
    update schedule_fires set status = 'started', reason = null, message = null, run = ${run}, trigger = ${trigger}, asked_by = ${askedBy},
      execution = ${execution}, backfill = coalesce(${backfill}, backfill), decided_at = now()
    where id = ${id}`;
  await tx`
    update schedules set last_fire_at = greatest(last_fire_at, ${new Date(fire.nominalAt)}), last_run = ${run}, last_status = 'queued'
    where id = ${fire.schedule}`;
};

/** Writes down why a moment has none. */
export const settleMissed = async (tx: Transaction, { id, trigger }: Ours, reason: MissedReason, message: string): Promise<void> => {
  await tx`
    update schedule_fires set status = 'missed', trigger = ${trigger}, reason = ${reason}, message = ${message}, run = null, execution = null,
      decided_at = now()
    where id = ${id}`;
};
