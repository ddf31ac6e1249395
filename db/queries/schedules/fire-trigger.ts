import { parseDuration } from '#jobs/duration.ts';
import type { FireTrigger } from '#jobs/schedules/fire-state.ts';
import type { Queryable } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';

/** How long after its moment, and after what `jitter` allows, a run may begin before it counts as one that is caught up with. */
const LATE_MS = 60_000;

/** Whether the clock comes in time with this moment. One that waited for the run before it is not late: it had its turn. Served by runs_schedule. */
export async function triggerOf(
  sql: Queryable,
  { id, project, definition: { jitter, overlap = 'skip' } }: ScheduleRow,
  nominalAt: number,
): Promise<FireTrigger> {
  const inTime = nominalAt + LATE_MS + (jitter === undefined ? 0 : parseDuration(jitter));
  if (Date.now() <= inTime) return 'schedule';
  if (overlap !== 'buffer_one' && overlap !== 'buffer_all') return 'catchup';
  const [before] = await sql<{ ended_at: string | null }[]>`
    select ended_at from runs where project = ${project} and schedule_id = ${id} and nominal_at < ${new Date(nominalAt)}
    order by id desc limit 1`;
  return before?.ended_at && Date.parse(before.ended_at) > Date.now() - LATE_MS ? 'schedule' : 'catchup';
}
