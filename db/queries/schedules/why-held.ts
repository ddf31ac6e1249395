import type { FireTrigger, MissedReason } from '#jobs/schedules/fire-state.ts';
import type { Queryable } from '../../client.ts';
import type { SchedulePauseRow, ScheduleRow } from '../../schema/schedules.ts';
import type { PauseKind } from '../../schema/words.ts';
import type { Fire } from './accept-fire.ts';

/** Why a schedule starts nothing at this moment, or no more: it is paused or was then, all of them are, or it is stopped; null: nothing holds it. What a person asks for is not held. Served by schedule_pauses_of. */
export async function whyHeld(
  sql: Queryable,
  schedule: ScheduleRow,
  { nominalAt }: Fire,
  trigger: FireTrigger,
): Promise<{ readonly reason: MissedReason; readonly message: string } | null> {
  if (trigger === 'manual' || trigger === 'backfill') return null;
  const [pause] = await sql<SchedulePauseRow[]>`
    select * from schedule_pauses p
    where project = ${schedule.project} and (schedule_id = ${schedule.id} or schedule_id is null)
      and exists (
        select from (values (${new Date(nominalAt)}::timestamptz), (now())) as t (moment)
        where p.from_at <= t.moment and (p.until_at is null or p.until_at > t.moment))
    order by from_at limit 1`;
  if (pause) return { reason: PAUSE_REASONS[pause.kind], message: pauseWords(pause) };
  if (schedule.paused)
    return { reason: 'paused', message: pauseWords({ kind: 'paused', paused_by: schedule.paused_by ?? '', note: schedule.pause_note }) };
  return schedule.stopped_reason === null ? null : { reason: 'job_disabled', message: schedule.stopped_reason };
}

/** What a moment is missed for that a pause took. */
export const PAUSE_REASONS = {
  paused: 'paused',
  maintenance: 'maintenance',
  failure: 'paused',
  stopped: 'job_disabled',
} as const satisfies Record<PauseKind, MissedReason>;

/** What a person reads of a moment that a pause took. */
export const pauseWords = ({ kind, paused_by, note }: Pick<SchedulePauseRow, 'kind' | 'paused_by' | 'note'>): string =>
  `${PAUSED[kind]}${paused_by === '' ? '' : ` by ${paused_by}`}${note ? `: ${note}` : ''}`;

const PAUSED = {
  paused: 'paused',
  maintenance: 'all schedules were stopped',
  failure: 'paused after a run that failed',
  stopped: 'its job was not there',
} as const satisfies Record<PauseKind, string>;
