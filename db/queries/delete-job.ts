import { type Audit, writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { NotFound, VersionConflict } from '../conflicts.ts';
import { notify } from '../notices.ts';
import { changeOnce } from './change-once.ts';
import { followJobs } from './schedules/follow-jobs.ts';
import type { OwnedKey } from './take-key.ts';

/** Moves a job to the trash; its versions and runs stay, its name is free again. `expected` guards against a change not seen. Throws NotFound, VersionConflict. */
export const deleteJob = async (
  sql: Sql,
  project: string,
  name: string,
  expected: number | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<void> => {
  await changeOnce(sql, key, async (tx) => {
    const [job] = await tx<{ id: string; version: number }[]>`
      select id, version from jobs where project = ${project} and name = ${name} and deleted_at is null for update`;
    if (!job) throw new NotFound('job', name);
    if (expected !== null && job.version !== expected) throw new VersionConflict('job', name, job.version, expected);
    await tx`update jobs set deleted_at = now(), updated_at = now(), updated_by = ${audit.actor} where id = ${job.id}`;
    await followJobs(tx, project, [name]);
    await writeAudit(tx, audit, { project, action: 'job.delete', subject_kind: 'job', subject: name, before: { version: job.version } });
    await notify(tx, { jobs: [name] });
    return {};
  });
};
