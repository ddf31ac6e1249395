import { type Audit, writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { NotFound, VersionConflict } from '../conflicts.ts';
import { notify } from '../notices.ts';
import { changeOnce } from './change-once.ts';
import { followJobs } from './schedules/follow-jobs.ts';
import type { OwnedKey } from './take-key.ts';

/** Switches a job on or off, which makes no version. `expected` is the version it was seen at. Throws NotFound, VersionConflict. */
export const switchJob = async (
  sql: Sql,
  project: string,
  name: string,
  active: boolean,
  expected: number,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<void> => {
  await changeOnce(sql, key, async (tx) => {
    const [job] = await tx<{ id: string; version: number; active: boolean }[]>`
      select id, version, active from jobs where project = ${project} and name = ${name} and deleted_at is null for update`;
    if (!job) throw new NotFound('job', name);
    if (job.version !== expected) throw new VersionConflict('job', name, job.version, expected);
    if (job.active === active) return {};
    await tx`update jobs set active = ${active}, updated_at = now(), updated_by = ${audit.actor} where id = ${job.id}`;
    await followJobs(tx, project, [name]);
    await writeAudit(tx, audit, {
      project,
      action: 'job.switch',
      subject_kind: 'job',
      subject: name,
      before: { active: job.active },
      after: { active },
    });
    await notify(tx, { jobs: [name] });
    return {};
  });
};
