import { writeAudit } from '../../audit.ts';
import type { Sql } from '../../client.ts';
import { requireVersion } from '../../conflicts.ts';
import type { Deletion } from '../../versioned.ts';
import { doOnce } from '../change-once.ts';
import type { OwnedKey } from '../take-key.ts';
import { lockSchedule } from './save-schedule.ts';

/** Deletes a schedule: from now on it starts nothing, and Temporal is told. What it started and missed stays, its name is free again. Once for a key; throws NotFound, VersionConflict, IdempotencyConflict. */
export const deleteSchedule = (sql: Sql, { project, name, expected, audit }: Deletion, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const row = requireVersion('schedule', name, await lockSchedule(tx, project, name), expected);
    await tx`
      update schedules set deleted_at = now(), arm_at = now(), arm_attempts = 0, paused_until = null, updated_at = now(), updated_by = ${audit.actor}
      where id = ${row.id}`;
    await tx`update schedule_pauses set until_at = now() where project = ${project} and schedule_id = ${row.id} and until_at is null`;
    await tx`delete from schedule_calendars where schedule_id = ${row.id}`;
    await writeAudit(tx, audit, {
      project,
      action: 'schedule.delete',
      subject_kind: 'schedule',
      subject: name,
      before: { version: row.version, definition: row.definition },
    });
  });
