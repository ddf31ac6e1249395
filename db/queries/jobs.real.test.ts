import { afterAll, beforeAll, expect, test } from 'vitest';
import { NameTaken, NotFound, VersionConflict } from '../conflicts.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { accept, auditOf, planOf, started } from '../testing/runs.ts';
import { deleteJob } from './delete-job.ts';
import { findJob } from './find-job.ts';
import { findRun } from './find-run.ts';
import { readJobGrid } from './job-grid.ts';
import { moveJobTag } from './job-tags.ts';
import { listTrash } from './job-trash.ts';
import { listAudit } from './list-audit.ts';
import { listJobVersions } from './list-job-versions.ts';
import { listJobs } from './list-jobs.ts';
import { askPurge, emptyTrash, purgeSome } from './purge-jobs.ts';
import { recordSteps } from './record-steps.ts';
import { type CheckedJob, saveJob } from './save-job.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const checked = (name: string, hash: string, also: Partial<CheckedJob['definition']> = {}): CheckedJob => ({
  source: `name: ${name} # ${hash}`,
  format: 'yaml',
  definition: { name, steps: [{ id: 'one', type: 'local.exec', config: { command: hash } }], ...also },
  plan: planOf(name, ['one']),
  hash,
});

const save = (name: string, hash: string, expected: number | null, also: Partial<CheckedJob['definition']> = {}) =>
  saveJob(database.sql, 'default', checked(name, hash, also), expected, auditOf('ann'));

test('each save makes the next version, and every version can be read as it was written', async () => {
  expect(await save('backup', 'a', null, { title: 'Backup', tags: ['nightly'] })).toMatchObject({
    version: 1,
    title: 'Backup',
    tags: ['nightly'],
    created_by: 'ann',
  });
  expect(await save('backup', 'b', 1, { title: 'Edge backup' })).toMatchObject({ version: 2, title: 'Edge backup', tags: [] });
  expect(await findJob(database.sql, 'default', 'backup')).toMatchObject({ version: 2, current_version: 2, source: 'name: backup # b' });
  expect(await findJob(database.sql, 'default', 'backup', 1)).toMatchObject({
    version: 1,
    current_version: 2,
    source: 'name: backup # a',
    plan: planOf('backup', ['one']),
  });
  expect(await findJob(database.sql, 'default', 'backup', 3)).toBeNull();
  expect((await listJobVersions(database.sql, 'default', 'backup')).map(({ version, author }) => [version, author])).toEqual([
    [2, 'ann'],
    [1, 'ann'],
  ]);
});

test('saving what is already current makes no new version', async () => {
  await save('same', 'a', null);
  expect(await save('same', 'a', 1)).toMatchObject({ version: 1 });
  expect(await listJobVersions(database.sql, 'default', 'same')).toHaveLength(1);
});

test('of two changes made from the same version one is refused, and names the version there is', async () => {
  await save('shared', 'a', null);
  const outcomes = await Promise.allSettled([save('shared', 'b', 1), save('shared', 'c', 1)]);
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refused).toEqual([expect.any(VersionConflict)]);
  expect(refused[0]).toMatchObject({ current: 2, message: expect.stringContaining('is at version 2, not 1') });
  expect(await listJobVersions(database.sql, 'default', 'shared')).toHaveLength(2);
});

test('a name can be used once in a project, and in another project too', async () => {
  await save('named', 'a', null);
  await expect(save('named', 'b', null)).rejects.toThrow(NameTaken);
  expect(await saveJob(database.sql, 'other', checked('named', 'a'), null, auditOf('bob'))).toMatchObject({ project: 'other', version: 1 });
  await expect(save('unknown', 'a', 1)).rejects.toThrow(NotFound);
});

test('a version never changes and never goes, not even by hand', async () => {
  const { id } = await save('kept', 'a', null);
  await expect(database.sql`update job_versions set source = 'forged' where job_id = ${id}`).rejects.toThrow(
    'job_versions rows never change',
  );
  await expect(database.sql`delete from job_versions where job_id = ${id}`).rejects.toThrow('job_versions rows never change');
});

test('versions go with a job that is purged from the trash, and in no other way', async () => {
  const { id } = await save('parting', 'a', null);
  const remove = () => database.sql`delete from job_versions where job_id = ${id}`;
  await expect(database.sql`update jobs set purge_asked_at = now() where id = ${id}`).rejects.toThrow('jobs_purge_from_trash');
  await deleteJob(database.sql, { project: 'default', name: 'parting', expected: 1, audit: auditOf('ann') });
  await expect(remove()).rejects.toThrow('job_versions rows never change');
  await askPurge(database.sql, 'default', id, auditOf('ann'));
  await expect(database.sql`update job_versions set source = 'forged' where job_id = ${id}`).rejects.toThrow('never change');
  while (await purgeSome(database.sql, id));
  expect(await database.sql`select version from job_versions where job_id = ${id}`).toEqual([]);
});

test('a job leaves the trash by itself after thirty days, unless it has runs', async () => {
  const late = async (name: string) => {
    const { id } = await save(name, 'a', null);
    await moveJobTag(database.sql, 'default', { job: name, tag: 'stable', version: 1 }, auditOf('ann'));
    return id;
  };
  const ids = await Promise.all(['late', 'late-with-runs', 'recent'].map(late));
  await accept(database.sql, { job: 'late-with-runs', job_id: ids[1] ?? null, version: 1 });
  for (const name of ['late', 'late-with-runs', 'recent'])
    await deleteJob(database.sql, { project: 'default', name, audit: auditOf('ann') });
  await database.sql`update jobs set deleted_at = now() - interval '31 days' where name like 'late%'`;
  await emptyTrash(database.sql);
  const { items } = await listTrash(database.sql, 'default', 100);
  const left = items.filter(({ id }) => ids.includes(id)).map(({ name, has_runs }) => [name, has_runs]);
  expect(left).toEqual([
    ['recent', false],
    ['late-with-runs', true],
  ]);
  expect(await database.sql`select tag from job_tag_moves where job_id = ${ids[0] ?? ''}`).toEqual([]);
  const { items: audit } = await listAudit(database.sql, { project: 'default', subject_kind: 'job', subject: 'late', limit: 1 });
  expect(audit).toMatchObject([{ action: 'job.purge', actor: 'trash' }]);
});

test('a deleted job is gone from lists and frees its name, and its runs still know their plan', async () => {
  const { id } = await save('leaving', 'a', null);
  const { run } = await accept(database.sql, { job: 'leaving', job_id: id, version: 1 });
  await expect(deleteJob(database.sql, { project: 'default', name: 'leaving', expected: 7, audit: auditOf('ann') })).rejects.toThrow(
    VersionConflict,
  );
  await deleteJob(database.sql, { project: 'default', name: 'leaving', expected: 1, audit: auditOf('ann') });
  expect(await findJob(database.sql, 'default', 'leaving')).toBeNull();
  await expect(deleteJob(database.sql, { project: 'default', name: 'leaving', audit: auditOf('ann') })).rejects.toThrow(NotFound);
  expect((await findRun(database.sql, 'default', run))?.plan).toEqual(planOf('leaving', ['one']));
  expect(await save('leaving', 'b', null)).toMatchObject({ version: 1 });
});

test('the list goes by name, filters by text, category and tag, and shows the newest run', async () => {
  for (const [name, category, tag] of [
    ['z-net', 'network', 'edge'],
    ['z-sql', 'database', 'edge'],
    ['z-web', 'network', 'core'],
  ] as const) {
    await save(name, 'a', null, { category, tags: [tag], title: `The ${name.toUpperCase()}` });
  }
  await accept(database.sql, { job: 'z-sql' });
  const newest = await accept(database.sql, { job: 'z-sql' });
  const namesOf = async (query: object) =>
    (await listJobs(database.sql, { project: 'default', limit: 50, ...query })).items.map(({ name }) => name);
  expect(await namesOf({ category: 'network' })).toEqual(['z-net', 'z-web']);
  expect(await namesOf({ tag: 'edge' })).toEqual(['z-net', 'z-sql']);
  expect(await namesOf({ text: 'the z-S' })).toEqual(['z-sql']);
  expect(await namesOf({ text: 'EDGE', category: 'network' })).toEqual(['z-net']);
  expect(await namesOf({ text: 'z-', stepType: 'local.exec' })).toEqual(['z-net', 'z-sql', 'z-web']);
  expect(await namesOf({ text: 'z-', stepType: 'ssh.exec' })).toEqual([]);
  expect(await namesOf({ text: 'z-', updatedBy: 'bob' })).toEqual([]);
  expect(await namesOf({ text: '%' })).toEqual([]);
  const page = await listJobs(database.sql, { project: 'default', text: 'z-', limit: 2 });
  expect(page.items.map(({ name, last_run_id, last_run_status }) => [name, last_run_id, last_run_status])).toEqual([
    ['z-net', null, null],
    ['z-sql', newest.run, 'queued'],
  ]);
  expect(await namesOf({ text: 'z-', limit: 2, after: page.next })).toEqual(['z-web']);
  const last = await listJobs(database.sql, { project: 'default', text: 'z-', limit: 2, from: 'end' });
  expect([last.items.map(({ name }) => name), last.next]).toEqual([['z-sql', 'z-web'], null]);
  const first = await listJobs(database.sql, { project: 'default', text: 'z-', limit: 2, before: last.prev ?? '' });
  expect([first.items.map(({ name }) => name), first.prev]).toEqual([['z-net'], null]);
  expect(await namesOf({ text: 'z-', after: first.next })).toEqual(['z-sql', 'z-web']);
});

test('a list tells each job’s newest runs on request, and a grid their steps, a page after the other', async () => {
  const { id } = await save('watched-runs', 'a', null);
  const runs = [];
  for (let n = 0; n < 3; n++) runs.push((await accept(database.sql, { job: 'watched-runs', job_id: id, version: 1 })).run);
  await recordSteps(database.sql, [started(runs[2] ?? '', 'one', 1, 1)]);
  const ask = (recent?: number) => listJobs(database.sql, { project: 'default', text: 'watched-runs', limit: 5, recent });
  const [job] = (await ask(2)).items;
  expect(job?.recent_runs?.map((run) => [run.id, run.status])).toEqual([
    [runs[2], expect.any(String)],
    [runs[1], 'queued'],
  ]);
  expect([job?.next_at, job?.next_timezone]).toEqual([null, null]);
  expect((await ask()).items[0]).not.toHaveProperty('recent_runs');

  const grid = await readJobGrid(database.sql, { project: 'default', job: 'watched-runs', limit: 2 });
  expect(grid.items.map((run) => [run.id, run.steps.map((step) => [step.step_id, step.status])])).toEqual([
    [runs[2], [['one', 'running']]],
    [runs[1], []],
  ]);
  const rest = await readJobGrid(database.sql, { project: 'default', job: 'watched-runs', limit: 2, after: grid.next ?? '' });
  expect([rest.items.map((run) => run.id), rest.next]).toEqual([[runs[0]], null]);
});

test('every change of a job is in the audit with who, before and after', async () => {
  await save('watched', 'a', null);
  await save('watched', 'b', 1);
  await deleteJob(database.sql, { project: 'default', name: 'watched', audit: { ...auditOf('bob'), reason: 'unused' } });
  const { items } = await listAudit(database.sql, { project: 'default', subject_kind: 'job', subject: 'watched', limit: 10 });
  expect(items.map(({ action, actor, before, after, reason }) => ({ action, actor, before, after, reason }))).toEqual([
    { action: 'job.delete', actor: 'bob', before: { version: 2 }, after: null, reason: 'unused' },
    { action: 'job.save', actor: 'ann', before: { version: 1, hash: 'a' }, after: { version: 2, hash: 'b' }, reason: null },
    { action: 'job.create', actor: 'ann', before: null, after: { version: 1, hash: 'a' }, reason: null },
  ]);
});

test('the audit never changes, not even by hand', async () => {
  await save('audited', 'a', null);
  await expect(database.sql`update audit_entries set actor = 'nobody'`).rejects.toThrow('audit_entries rows never change');
  await expect(database.sql`delete from audit_entries`).rejects.toThrow('audit_entries rows never change');
});
