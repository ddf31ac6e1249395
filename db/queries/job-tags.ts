import { v7 as uuidv7 } from 'uuid';
import { type Audit, writeAudit } from '../audit.ts';
import type { Queryable, Sql, Transaction } from '../client.ts';
import { NotFound, VersionConflict } from '../conflicts.ts';
import { notify } from '../notices.ts';
import type { JobTagMoveRow, JobTagRow } from '../schema/jobs.ts';
import { doOnce } from './change-once.ts';
import type { OwnedKey } from './take-key.ts';

/** The tags on a job's versions, by name. Served by jobs_name and the primary key of job_tags. */
export const listJobTags = async (sql: Queryable, project: string, name: string): Promise<readonly JobTagRow[]> =>
  sql<JobTagRow[]>`
    select t.* from jobs j join job_tags t on t.job_id = j.id
    where j.project = ${project} and j.name = ${name} and j.deleted_at is null order by t.tag`;

/** The last moves of a job's tags, newest first. Served by the primary key of job_tag_moves. */
export const listJobTagMoves = async (sql: Queryable, project: string, name: string, limit: number): Promise<readonly JobTagMoveRow[]> =>
  sql<JobTagMoveRow[]>`
    select m.* from jobs j join job_tag_moves m on m.job_id = j.id
    where j.project = ${project} and j.name = ${name} and j.deleted_at is null
    order by m.id desc limit ${limit}`;

/** Which version of which job a tag is to stand for; `expected` is the version it was seen at, absent: whichever. */
export interface TagChange {
  readonly job: string;
  readonly tag: string;
  /** Null takes the tag away. */
  readonly version: number | null;
  readonly expected?: number | undefined;
}

/** Sets, moves or takes away a tag, and writes the move down; a tag that stands there already is left as it is. Throws NotFound, VersionConflict. */
export const moveJobTag = (sql: Sql, project: string, change: TagChange, audit: Audit, key: OwnedKey | null = null): Promise<void> =>
  doOnce(sql, key, async (tx) => {
    const { job: name, tag, version, expected } = change;
    const [job] = await tx<{ id: string }[]>`
      select id from jobs where project = ${project} and name = ${name} and deleted_at is null for no key update`;
    if (!job) throw new NotFound('job', name);
    const [current] = await tx<{ version: number }[]>`select version from job_tags where job_id = ${job.id} and tag = ${tag}`;
    if (expected !== undefined && current?.version !== expected) throw new VersionConflict('tag', tag, current?.version ?? 0, expected);
    if (version === null && !current) throw new NotFound('tag', tag);
    if (version === (current?.version ?? null)) return;
    await writeTag(tx, job.id, change, audit);
    await tx`
      insert into job_tag_moves (id, job_id, tag, from_version, to_version, actor, note)
      values (${uuidv7()}, ${job.id}, ${tag}, ${current?.version ?? null}, ${version}, ${audit.actor}, ${audit.reason ?? null})`;
    await writeAudit(tx, audit, {
      project,
      action: version === null ? 'job.untag' : 'job.tag',
      subject_kind: 'job',
      subject: name,
      before: current ? { tag, version: current.version } : null,
      after: version === null ? null : { tag, version },
    });
    await notify(tx, { jobs: [name] });
  });

const writeTag = async (tx: Transaction, job: string, { job: name, tag, version }: TagChange, { actor }: Audit): Promise<void> => {
  if (version === null) {
    await tx`delete from job_tags where job_id = ${job} and tag = ${tag}`;
    return;
  }
  const [known] = await tx`select from job_versions where job_id = ${job} and version = ${version}`;
  if (!known) throw new NotFound(`version ${version} of the job`, name);
  await tx`
    insert into job_tags (job_id, tag, version, updated_by) values (${job}, ${tag}, ${version}, ${actor})
    on conflict (job_id, tag) do update set version = excluded.version, updated_at = now(), updated_by = excluded.updated_by`;
};
