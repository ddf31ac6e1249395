import postgres from 'postgres';
import { LIMITS } from '#jobs/limits.ts';
import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql } from '../client.ts';
import { NameTaken, NotFound, TrashExpired } from '../conflicts.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { notify } from '../notices.ts';
import type { JobRow } from '../schema/jobs.ts';
import { changeOnce } from './change-once.ts';
import { followJobs } from './schedules/follow-jobs.ts';
import type { OwnedKey } from './take-key.ts';
import { isRunOfTrashed } from './trashed-runs.ts';

/** A job in the trash; `has_runs` keeps it there until somebody confirms that its runs may go with it. */
export type TrashedJob = JobRow & { readonly deleted_at: string; readonly restorable_until: string; readonly has_runs: boolean };

const DAYS = LIMITS.trashDays;
const UNIQUE_VIOLATION = '23505';

const columns = (sql: Queryable) => sql`
  j.*, j.deleted_at + make_interval(days => ${DAYS}) as restorable_until,
  exists (select from runs r where ${isRunOfTrashed(sql)}) as has_runs`;

/** A page of the trash, newest first, strictly after the cursor. Served by jobs_trash. */
export const listTrash = async (sql: Queryable, project: string, limit: number, after?: string): Promise<Page<TrashedJob>> => {
  const [at, id] = after === undefined ? [] : readCursor(after, 'trash', (values) => values.every((value) => typeof value === 'string'));
  const rows = await sql<TrashedJob[]>`
    select ${columns(sql)} from jobs j
    where j.project = ${project} and j.deleted_at is not null and j.purge_asked_at is null
      ${at === undefined ? sql`` : sql`and (j.deleted_at, j.id) < (${String(at)}::timestamptz, ${String(id)}::uuid)`}
    order by j.deleted_at desc, j.id desc limit ${limit + 1}`;
  return pageOf(rows, limit, (row) => writeCursor('trash', [row.deleted_at, row.id]));
};

/** A job in the trash by its id, or null. Served by the primary key. */
export const findTrashed = async (sql: Queryable, project: string, id: string): Promise<TrashedJob | null> => {
  const [row] = await sql<TrashedJob[]>`
    select ${columns(sql)} from jobs j
    where j.id = ${id} and j.project = ${project} and j.deleted_at is not null and j.purge_asked_at is null`;
  return row ?? null;
};

/** Takes a job out of the trash, as it was. Throws NotFound, NameTaken, TrashExpired. */
export const restoreJob = async (sql: Sql, project: string, id: string, audit: Audit, key: OwnedKey | null = null): Promise<JobRow> =>
  changeOnce(sql, key, async (tx) => {
    const [job] = await tx<(JobRow & { is_late: boolean })[]>`
      select *, deleted_at < now() - make_interval(days => ${DAYS}) as is_late from jobs
      where id = ${id} and project = ${project} and deleted_at is not null and purge_asked_at is null for update`;
    if (!job) throw new NotFound('job in the trash', id);
    if (job.is_late) throw new TrashExpired(job.name, DAYS);
    // One that is made in this very moment is found by the index.
    const [restored] = await tx<JobRow[]>`
      update jobs set deleted_at = null, health = null, health_checked_at = null, health_findings = '[]', updated_at = now(), updated_by = ${audit.actor}
      where id = ${id} and not exists (
        select from jobs other where other.project = ${project} and other.name = ${job.name} and other.deleted_at is null)
      returning *`.catch((error: unknown) => {
      if (error instanceof postgres.PostgresError && error.code === UNIQUE_VIOLATION) throw new NameTaken('job', job.name);
      throw error;
    });
    if (!restored) throw new NameTaken('job', job.name);
    await followJobs(tx, project, [job.name]);
    await writeAudit(tx, audit, {
      project,
      action: 'job.restore',
      subject_kind: 'job',
      subject: job.name,
      before: { deleted_at: job.deleted_at },
      after: { version: job.version },
    });
    await notify(tx, { jobs: [job.name] });
    return restored;
  });
