import { v7 as uuidv7 } from 'uuid';
import { canonical } from '#jobs/canonical.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { Json } from '#jobs/json.ts';
import type { Plan } from '#jobs/plan.ts';
import { type Audit, writeAudits } from '../audit.ts';
import { jsonRows, type Sql, type Transaction } from '../client.ts';
import { NameTaken, requireVersion } from '../conflicts.ts';
import { notify } from '../notices.ts';
import type { JobRow } from '../schema/jobs.ts';
import { changeOnce } from './change-once.ts';
import { keepTriggers } from './job-triggers.ts';
import { followJobs } from './schedules/follow-jobs.ts';
import { refuseCycle } from './sub-job-cycle.ts';
import type { OwnedKey } from './take-key.ts';

/** A checked definition ready to be kept: the text as written, its meaning, its plan, and the hash of its meaning. */
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

/** A job to be made (`expected` null) or changed from the version named. */
export interface JobChange {
  readonly job: CheckedJob;
  readonly expected: number | null;
}

/** A job as it stands after a save, and whether that made a version. */
export type SavedJob = JobRow & { readonly is_new_version: boolean };

/**
 * Saves a job as its next version. `expected` is the version the change was made from, null to create it; a definition that says what the
 * current one says makes no new version. Throws NameTaken, NotFound, VersionConflict.
 */
export const saveJob = (
  sql: Sql,
  project: string,
  job: CheckedJob,
  expected: number | null,
  audit: Audit,
  key: OwnedKey | null = null,
): Promise<SavedJob> => changeOnce(sql, key, async (tx) => (await saveJobsIn(tx, project, [{ job, expected }], audit))[0] as SavedJob);

/** As `saveJob`, many jobs of different names at once in a few statements; answers in their order. */
export const saveJobsIn = async (
  tx: Transaction,
  project: string,
  changes: readonly JobChange[],
  audit: Audit,
): Promise<readonly SavedJob[]> => {
  const before = await lockJobs(
    tx,
    project,
    changes.map(({ job }) => job.definition.name),
  );
  for (const change of changes) requireExpected(change, before);
  const made = changes.flatMap(({ job }) => (before.has(job.definition.name) ? [] : [job]));
  const changed = changes.flatMap(({ job }) => {
    const was = before.get(job.definition.name);
    return was && !isSameDefinition(was.definition, job.definition) ? [{ job, was }] : [];
  });
  const rows = new Map<string, JobRow>();
  for (const row of await createJobs(tx, project, made, audit)) rows.set(row.name, row);
  for (const row of await changeJobs(tx, changed, audit)) rows.set(row.name, row);
  const saved = changes.flatMap(({ job }) => {
    const row = rows.get(job.definition.name);
    return row ? [{ job, row }] : [];
  });
  await insertVersions(tx, saved, audit);
  const listeners = saved.map(({ job, row }) => ({ job_id: row.id, triggers: job.definition.triggers ?? [] }));
  await keepTriggers(tx, project, listeners);
  for (const { job } of saved) await refuseCycle(tx, project, job.plan);
  await followJobs(
    tx,
    project,
    saved.map(({ row }) => row.name),
  );
  await writeAudits(
    tx,
    audit,
    saved.map(({ job, row }) => {
      const was = before.get(row.name);
      return {
        project,
        action: was ? 'job.save' : 'job.create',
        subject_kind: 'job',
        subject: row.name,
        before: was && { version: was.row.version, hash: was.hash },
        after: { version: row.version, hash: job.hash },
      };
    }),
  );
  if (saved.length > 0) await notify(tx, { jobs: saved.map(({ row }) => row.name) });
  return changes.map(({ job: { definition } }) => {
    const row = rows.get(definition.name);
    return row ? { ...row, is_new_version: true } : { ...(before.get(definition.name) as LockedJob).row, is_new_version: false };
  });
};

/** True when two definitions mean the same, whatever the order of their keys. */
export const isSameDefinition = (a: JobDefinition, b: JobDefinition): boolean =>
  canonical(a as unknown as Json) === canonical(b as unknown as Json);

/** A job that nobody else changes until the end of the transaction, with what its current version says. */
export interface LockedJob {
  readonly row: JobRow;
  readonly definition: JobDefinition;
  readonly hash: string;
}

/** Locks the jobs of these names that there are. Served by jobs_name. */
export const lockJobs = async (tx: Transaction, project: string, names: readonly string[]): Promise<ReadonlyMap<string, LockedJob>> => {
  const rows = await tx<JobRow[]>`
    select * from jobs where project = ${project} and name = any(${[...names]}::text[]) and deleted_at is null order by name for update`;
  const versions = await tx<{ job_id: string; definition: JobDefinition; hash: string }[]>`
    select job_id, definition, hash from job_versions
    where (job_id, version) in (select * from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ version }) => version)}::integer[]))`;
  const byId = new Map(versions.map((version) => [version.job_id, version]));
  return new Map(
    rows.flatMap((row) => {
      const version = byId.get(row.id);
      return version ? [[row.name, { row, definition: version.definition, hash: version.hash }] as const] : [];
    }),
  );
};

const requireExpected = ({ job, expected }: JobChange, before: ReadonlyMap<string, LockedJob>): void => {
  const { name } = job.definition;
  const was = before.get(name)?.row;
  if (expected !== null) requireVersion('job', name, was, expected);
  else if (was) throw new NameTaken('job', name);
};

const shownFields = ({ title, description, category, tags }: JobDefinition) => ({
  title: title ?? null,
  description: description ?? null,
  category: category ?? null,
  tags: tags ?? [],
});

const createJobs = async (tx: Transaction, project: string, jobs: readonly CheckedJob[], { actor }: Audit): Promise<readonly JobRow[]> => {
  if (jobs.length === 0) return [];
  const rows = jobs.map(({ definition, sample = false }) => ({
    ...shownFields(definition),
    id: uuidv7(),
    project,
    name: definition.name,
    active: definition.active ?? true,
    version: 1,
    sample,
    created_by: actor,
    updated_by: actor,
  }));
  const made = await tx<JobRow[]>`
    insert into jobs (id, project, name, title, description, category, tags, active, version, sample, created_by, updated_by)
    select id, project, name, title, description, category, tags, active, version, sample, created_by, updated_by
    from jsonb_populate_recordset(null::jobs, ${jsonRows(tx, rows)})
    on conflict (project, name) where deleted_at is null do nothing returning *`;
  const taken = rows.find(({ id }) => !made.some((row) => row.id === id));
  if (taken) throw new NameTaken('job', taken.name);
  return made;
};

interface ChangedJob {
  readonly job: CheckedJob;
  readonly was: LockedJob;
}

/** A save sets the switch only where it changes what the definition says of it. */
const changeJobs = async (tx: Transaction, changed: readonly ChangedJob[], { actor }: Audit): Promise<readonly JobRow[]> => {
  if (changed.length === 0) return [];
  const rows = changed.map(({ job: { definition }, was }) => ({
    ...shownFields(definition),
    id: was.row.id,
    active: definition.active === was.definition.active ? was.row.active : (definition.active ?? true),
  }));
  return tx<JobRow[]>`
    update jobs set title = n.title, description = n.description, category = n.category, tags = n.tags, active = n.active,
      version = jobs.version + 1, health = null, health_checked_at = null, health_findings = '[]', updated_at = now(), updated_by = ${actor}
    from jsonb_populate_recordset(null::jobs, ${jsonRows(tx, rows)}) as n
    where jobs.id = n.id returning jobs.*`;
};

/** Versions written in one statement: texts, definitions and plans of all of them are one parameter. */
const VERSIONS_AT_ONCE = 100;

const insertVersions = async (
  tx: Transaction,
  saved: readonly { readonly job: CheckedJob; readonly row: JobRow }[],
  { actor }: Audit,
): Promise<void> => {
  for (let at = 0; at < saved.length; at += VERSIONS_AT_ONCE) {
    const rows = saved.slice(at, at + VERSIONS_AT_ONCE).map(({ job, row }) => {
      const { source, format, definition, plan, hash, message = null } = job;
      return { job_id: row.id, version: row.version, source, format, definition, plan, hash, author: actor, message };
    });
    await tx`
      insert into job_versions (job_id, version, source, format, definition, plan, hash, author, message)
      select job_id, version, source, format, definition, plan, hash, author, message
      from jsonb_populate_recordset(null::job_versions, ${jsonRows(tx, rows)})`;
  }
};
