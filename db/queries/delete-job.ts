import { writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { requireVersion } from '../conflicts.ts';
import { notify } from '../notices.ts';
import type { Deletion } from '../versioned.ts';
import { doOnce } from './change-once.ts';
import { followJobs } from './schedules/follow-jobs.ts';
import type { OwnedKey } from './take-key.ts';

/** Moves a job to the trash; its versions and runs stay, its name is free again. Once for a key; throws NotFound, VersionConflict, IdempotencyConflict. */
export const deleteJob = (sql: Sql, { project, name, expected, audit }: Deletion, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const [found] = await tx<{ id: string; version: number }[]>`
      select id, version from jobs where project = ${project} and name = ${name} and deleted_at is null for update`;
    const job = requireVersion('job', name, found, expected);
    await tx`update jobs set deleted_at = now(), updated_at = now(), updated_by = ${audit.actor} where id = ${job.id}`;
    await followJobs(tx, project, [name]);
    await writeAudit(tx, audit, { project, action: 'job.delete', subject_kind: 'job', subject: name, before: { version: job.version } });
    await notify(tx, { jobs: [name] });
  });
