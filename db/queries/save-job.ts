import { v7 as uuidv7 } from 'uuid';
import type { JobDefinition } from '#jobs/definition.ts';
import type { Plan } from '#jobs/plan.ts';
import { type Audit, writeAudit } from '../audit.ts';
import { jsonRows, type Sql, type Transaction } from '../client.ts';
import { NameTaken, NotFound, VersionConflict } from '../conflicts.ts';
import { notify } from '../notices.ts';
import type { JobRow } from '../schema/jobs.ts';

/** A checked definition ready to be kept: the text as written, its meaning, its plan, and the hash by which equal ones are known. */
export interface CheckedJob {
  readonly source: string;
  readonly format: 'yaml' | 'json';
  readonly definition: JobDefinition;
  readonly plan: Plan;
  readonly hash: string;
  /** Why it was changed. */
  readonly message?: string | null;
  readonly sample?: boolean;
}

/**
 * Saves a job as its next version. `expected` is the version the change was made from, null to create it; saving what is already
 * current makes no new version. Throws NameTaken, NotFound, VersionConflict.
 */
export const saveJob = async (sql: Sql, project: string, job: CheckedJob, expected: number | null, audit: Audit): Promise<JobRow> =>
  sql.begin(async (tx) => {
    const { name } = job.definition;
    const before = expected === null ? null : await lockJob(tx, project, name, expected);
    if (before && before.hash === job.hash) return before.row;
    const row = before ? await changeJob(tx, before.row, job, audit) : await createJob(tx, project, job, audit);
    await insertVersion(tx, row, job, audit);
    await writeAudit(tx, audit, {
      project,
      action: before ? 'job.save' : 'job.create',
      subject_kind: 'job',
      subject: name,
      before: before && { version: before.row.version, hash: before.hash },
      after: { version: row.version, hash: job.hash },
    });
    await notify(tx, { jobs: [name] });
    return row;
  });

const lockJob = async (tx: Transaction, project: string, name: string, expected: number): Promise<{ row: JobRow; hash: string }> => {
  const [row] = await tx<JobRow[]>`select * from jobs where project = ${project} and name = ${name} and deleted_at is null for update`;
  if (!row) throw new NotFound('job', name);
  if (row.version !== expected) throw new VersionConflict('job', name, row.version, expected);
  const [version] = await tx<{ hash: string }[]>`select hash from job_versions where job_id = ${row.id} and version = ${row.version}`;
  return { row, hash: version?.hash ?? '' };
};

const createJob = async (tx: Transaction, project: string, { definition, sample }: CheckedJob, { actor }: Audit): Promise<JobRow> => {
  const { name, title = null, description = null, category = null, tags = [] } = definition;
  const [row] = await tx<JobRow[]>`
    insert into jobs (id, project, name, title, description, category, tags, version, sample, created_by, updated_by)
    values (${uuidv7()}, ${project}, ${name}, ${title}, ${description}, ${category}, ${[...tags]}::text[], 1, ${sample ?? false}, ${actor}, ${actor})
    on conflict (project, name) where deleted_at is null do nothing returning *`;
  if (!row) throw new NameTaken('job', name);
  return row;
};

const changeJob = async (tx: Transaction, { id }: JobRow, { definition }: CheckedJob, { actor }: Audit): Promise<JobRow> => {
  const { name, title = null, description = null, category = null, tags = [] } = definition;
  const [row] = await tx<JobRow[]>`
    update jobs set title = ${title}, description = ${description}, category = ${category}, tags = ${[...tags]}::text[],
      version = version + 1, updated_at = now(), updated_by = ${actor}
    where id = ${id} returning *`;
  if (!row) throw new NotFound('job', name);
  return row;
};

const insertVersion = async (tx: Transaction, { id, version }: JobRow, job: CheckedJob, { actor }: Audit): Promise<void> => {
  const { source, format, definition, plan, hash, message = null } = job;
  await tx`
    insert into job_versions (job_id, version, source, format, definition, plan, hash, author, message)
    select job_id, version, source, format, definition, plan, hash, author, message
    from jsonb_populate_record(null::job_versions, ${jsonRows(tx, [{ job_id: id, version, source, format, definition, plan, hash, author: actor, message }])} -> 0)`;
};
