import { type Audit, writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { requireVersion } from '../conflicts.ts';
import { notify } from '../notices.ts';
import { doOnce } from './change-once.ts';
import { followJobs } from './schedules/follow-jobs.ts';
import type { OwnedKey } from './take-key.ts';

/** Switches a job on or off, which makes no version. `expected` is the version it was seen at. Throws NotFound, VersionConflict. */
export const switchJob = (
  sql: Sql,
  project: string,
  name: string,
  active: boolean,
  expected: number,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const [found] = await tx<{ id: string; version: number; active: boolean }[]>`
      select id, version, active from jobs where project = ${project} and name = ${name} and deleted_at is null for update`;
    const job = requireVersion('job', name, found, expected);
    if (job.active === active) return;
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
  });
