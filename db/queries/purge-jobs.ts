import { LIMITS } from '#jobs/limits.ts';
import { type Audit, writeAudit } from '../audit.ts';
import type { Sql } from '../client.ts';
import { NotFound, RunNotEnded } from '../conflicts.ts';
import { notify } from '../notices.ts';
import { doOnce } from './change-once.ts';
import { deleteRunRows } from './delete-run.ts';
import type { OwnedKey } from './take-key.ts';
import { isRunOfTrashed } from './trashed-runs.ts';

/** Runs deleted in one transaction. */
const RUNS_AT_ONCE = 200;

/** Marks a job in the trash as to be purged, after which nothing brings it back. Throws NotFound, RunNotEnded. Served by the primary key and runs_job. */
export const askPurge = (sql: Sql, project: string, id: string, audit: Audit, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const [job] = await tx<{ name: string; version: number }[]>`
      select name, version from jobs
      where id = ${id} and project = ${project} and deleted_at is not null and purge_asked_at is null for update`;
    if (!job) throw new NotFound('job in the trash', id);
    const [open] = await tx<{ id: string; status: string }[]>`
      select r.id, r.status from runs r, jobs j where j.id = ${id} and ${isRunOfTrashed(tx)} and r.ended_at is null limit 1`;
    if (open) throw new RunNotEnded(open.id, open.status);
    await tx`update jobs set purge_asked_at = now() where id = ${id}`;
    await notify(tx, { jobs: [job.name] });
    await writeAudit(tx, audit, {
      project,
      action: 'job.purge',
      subject_kind: 'job',
      subject: job.name,
      before: { id, version: job.version },
    });
  });

/** Marks the jobs as to be purged whose time in the trash is over and that have no runs; those with runs wait for a person's word. Served by jobs_trash. */
const askPurgeOfExpired = async (sql: Sql, audit: Audit): Promise<void> => {
  await sql.begin(async (tx) => {
    const jobs = await tx<{ id: string; project: string; name: string; version: number }[]>`
      update jobs j set purge_asked_at = now()
      where deleted_at < now() - make_interval(days => ${LIMITS.trashDays}) and purge_asked_at is null
        and not exists (select from runs r where ${isRunOfTrashed(tx)})
      returning id, project, name, version`;
    for (const { id, project, name, version } of jobs) {
      await writeAudit(tx, audit, { project, action: 'job.purge', subject_kind: 'job', subject: name, before: { id, version } });
    }
  });
};

/** Purges whose time in the trash is over, and goes on with what was asked for and not yet done. */
export const emptyTrash = async (sql: Sql): Promise<void> => {
  await askPurgeOfExpired(sql, { actor: 'trash', request_id: null, reason: `in the trash for ${LIMITS.trashDays} days` });
  while (await purgeSome(sql));
};

/** Does the next part of the work on jobs to be purged, of one of them if it is named: runs with all their rows, and at last versions, tags and the job. False when there is nothing left to do; many may work at once. */
export const purgeSome = async (sql: Sql, id: string | null = null): Promise<boolean> =>
  sql.begin(async (tx) => {
    const [job] = await tx<{ id: string; name: string }[]>`
      select id, name from jobs
      where purge_asked_at is not null and deleted_at is not null ${id === null ? tx`` : tx`and id = ${id}`}
      order by purge_asked_at limit 1 for update skip locked`;
    if (!job) return false;
    const runs = await tx<{ id: string }[]>`
      select r.id from runs r, jobs j where j.id = ${job.id} and ${isRunOfTrashed(tx)} limit ${RUNS_AT_ONCE}`;
    const ids = runs.map((run) => run.id);
    if (ids.length > 0) {
      await deleteRunRows(tx, ids);
      await notify(tx, { runs: ids });
      return true;
    }
    await tx`delete from trigger_firings where job_id = ${job.id}`;
    await tx`delete from plans where job_id = ${job.id}`;
    await tx`delete from job_tags where job_id = ${job.id}`;
    await tx`delete from job_tag_moves where job_id = ${job.id}`;
    await tx`delete from job_versions where job_id = ${job.id}`;
    await tx`delete from jobs where id = ${job.id}`;
    await notify(tx, { jobs: [job.name] });
    return true;
  });
