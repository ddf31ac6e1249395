import type { ToArm } from '#db/queries/schedules/arming.ts';
import { parseDuration } from '#jobs/duration.ts';
import type { UtcPlan } from '#jobs/recurrence/utc-plan.ts';
import { SCHEDULE_DEFAULTS } from '#jobs/schedules/definition.ts';
import { twinIdOf } from '#jobs/schedules/twin-id.ts';
import { twinNote } from '#jobs/schedules/twin-note.ts';
import type { Twin } from '#platform/temporal/schedule-twin.ts';
import { RUN_QUEUE, SCHEDULED_WORKFLOW, type Scheduled } from '#workflows/messages.ts';

/** Of a schedule and a job that say nothing. */
const PRIORITY = 5;

/** What Temporal is told of a schedule, with the moments it means; `base` is the address of the API. */
export function twinOf(row: ToArm, plan: UtcPlan, base: string): Twin {
  const { definition, id, name } = row;
  const link = `${base}/schedules/${encodeURIComponent(name)}`;
  const held = heldWords(row);
  return {
    id: twinIdOf(id),
    plan,
    jitterMs: definition.jitter === undefined ? 0 : parseDuration(definition.jitter),
    overlap: definition.overlap ?? SCHEDULE_DEFAULTS.overlap,
    catchupMs: parseDuration(definition.catchup_window ?? SCHEDULE_DEFAULTS.catchup_window),
    paused: held !== null,
    note: twinNote({ name, version: row.version, definition, source: row.source, held, link }),
    memo: { capstan_schedule: id, capstan_link: link },
    action: {
      workflowType: SCHEDULED_WORKFLOW,
      taskQueue: RUN_QUEUE,
      args: [{ schedule: id } satisfies Scheduled],
      memo: { schedule: name, zone: row.timezone, link },
      summary: row.job,
      priority: row.priority ?? row.job_priority ?? PRIORITY,
    },
  };
}

/** Why Temporal is to start nothing; null: it is. A stop of all need not be told, except where a start would end the run before it. */
function heldWords({ stopped_reason, paused, paused_by, pause_note, all_stopped, definition: { overlap } }: ToArm): string | null {
  if (stopped_reason !== null) return `stopped: ${stopped_reason}`;
  if (paused) return `paused${paused_by ? ` by ${paused_by}` : ''}${pause_note ? `: ${pause_note}` : ''}`;
  return all_stopped && (overlap === 'cancel_other' || overlap === 'terminate_other') ? 'all schedules are stopped' : null;
}
