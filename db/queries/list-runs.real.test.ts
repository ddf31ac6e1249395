import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bounded } from '../bounded.ts';
import { InvalidCursor } from '../cursor.ts';
import { firstIdAt } from '../partitions.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { explain, indexesUsed } from '../testing/explain.ts';
import { accept, record } from '../testing/runs.ts';
import { countAll, countMatching } from './count-runs.ts';
import { foldStats, recountHours } from './fold-stats.ts';
import { listRuns, RUN_SORTS, type RunSummary, type RunsQuery } from './list-runs.ts';
import { recordRuns } from './record-runs.ts';
import { countByAcceptance, countByHour } from './run-histogram.ts';

/** The run that some of the runs come from. */
const CAUSE = '01a20330-501b-7613-9efa-9a780b896843';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.sql`
    insert into runs (id, project, job, status, client, ref_num, trigger, created_by, workflow_id, started_at, ended_at, parent_run, chain_source, target, timezone, priority, error_message)
    select uuidv7(make_interval(secs => -n)), project, case when n % 4000 = 13 then 'rare-' || n else 'job-' || n % 50 end, (array['completed','completed','completed','failed','running','queued','lost'])[1 + n % 7],
      case when n % 3 = 0 then 'client-' || n % 100 end, case when n % 11 = 0 then 'ref-' || n end, case when n % 900 = 5 then 'sample' else 'api' end, 'user-' || n % 20, 'w' || n,
      now() - make_interval(secs => n), case when n % 7 not in (4, 5) then now() - make_interval(secs => n) + make_interval(secs => n * 7919 % 3600) end,
      case when n % 5000 = 7 and project = 'many' then ${CAUSE}::uuid end, case when n % 5000 = 9 and project = 'many' then ${CAUSE}::uuid end,
      case when n % 2 = 0 then 'core-' || n % 1000 end, case when n % 4 = 0 then (array['Asia/Tokyo', 'Europe/Berlin'])[1 + n / 4 % 2] end, 1 + n % 10,
      case when n % 7 = 3 then 'connection refused by core-' || n || ':22' end
    from generate_series(1, 20000) n, unnest(array['many', 'also-many']) project`;
  await database.sql`analyze runs`;
});
afterAll(() => database.close());

/** All rows of a list, page by page. */
const walk = async (query: Omit<RunsQuery, 'project' | 'limit'> & { limit?: number }, between: () => Promise<unknown> = async () => {}) => {
  const rows: RunSummary[] = [];
  let after: string | undefined;
  do {
    const page = await listRuns(database.sql, { project: 'many', limit: 200, ...query, after });
    rows.push(...page.items);
    after = page.next ?? undefined;
    await between();
  } while (after !== undefined && rows.length < 25_000);
  return rows;
};

test('pages stay whole while runs are added and runs end: nothing twice, nothing missing', async () => {
  const present = new Set((await database.sql<{ id: string }[]>`select id from runs where project = 'pages'`).map(({ id }) => id));
  for (let count = 0; count < 30; count += 1) present.add((await accept(database.sql, { project: 'pages' })).run);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listRuns(database.sql, { project: 'pages', limit: 7, after });
    seen.push(...page.items.map(({ id }) => id));
    after = page.next ?? undefined;
    const { run } = await accept(database.sql, { project: 'pages' });
    await recordRuns(database.sql, [record(run, 1, 'completed')]);
  } while (after !== undefined);
  expect(new Set(seen).size).toBe(seen.length);
  expect(new Set(seen)).toEqual(present);
});

test.each(RUN_SORTS)('a list by %s is in order and complete, page by page', async (sort) => {
  const rows = await walk({ sort, job: 'job-7' });
  const column = sort.replace('-', '') as 'created_at' | 'execution_time_ms';
  const values = rows.map((row) => (column === 'created_at' ? row.id : (row.execution_time_ms ?? -1)));
  const inOrder = [...values].sort((a, b) => (Number(a) - Number(b) || (String(a) < String(b) ? -1 : 1)) * (sort.startsWith('-') ? -1 : 1));
  expect(values.map(String)).toEqual(
    column === 'created_at' ? [...values].sort().map(String)[sort.startsWith('-') ? 'reverse' : 'slice']() : inOrder.map(String),
  );
  const [expected] = await database.sql<{ count: number }[]>`
    select count(*) as count from runs where project = 'many' and job = 'job-7'`;
  expect(rows).toHaveLength(expected?.count ?? 0);
});

test('several statuses give one list in order, the same as asking for everything and choosing', async () => {
  const chosen = await walk({ status: ['failed', 'lost'], client: 'client-9' });
  const all = await walk({ client: 'client-9' });
  expect(chosen.length).toBeGreaterThan(10);
  expect(chosen.map(({ id }) => id)).toEqual(all.filter(({ status }) => status === 'failed' || status === 'lost').map(({ id }) => id));
});

/** All rows of a list, from its end to its begin. */
const walkBack = async (query: Omit<RunsQuery, 'project' | 'limit'>) => {
  const rows: RunSummary[] = [];
  let before: string | undefined;
  do {
    const page = await listRuns(database.sql, {
      project: 'many',
      limit: 70,
      ...query,
      ...(before === undefined ? { from: 'end' } : { before }),
    });
    rows.unshift(...page.items);
    before = page.prev ?? undefined;
  } while (before !== undefined && rows.length < 25_000);
  return rows;
};

test.each(RUN_SORTS)('a list by %s reads the same from its end as from its begin', async (sort) => {
  for (const query of [{ job: 'job-7' }, { status: ['failed', 'lost'], created_by: 'user-5' }] as const) {
    const ids = (await walk({ sort, ...query })).map(({ id }) => id);
    expect((await walkBack({ sort, ...query })).map(({ id }) => id)).toEqual(ids);
    expect(ids.length).toBeGreaterThan(50);
  }
});

test('a page leads to the one before it and the one after it, and the last and first lead no further', async () => {
  const ask = (more: Partial<RunsQuery>) => listRuns(database.sql, { project: 'many', job: 'job-7', limit: 10, ...more });
  const first = await ask({});
  const second = await ask({ after: first.next ?? '' });
  expect(first.prev).toBeNull();
  expect(await ask({ before: second.prev ?? '' })).toMatchObject({ items: first.items, prev: null });
  const last = await ask({ from: 'end' });
  expect(last.next).toBeNull();
  expect((await ask({ before: last.prev ?? '' })).next).not.toBeNull();
});

test('each further filter finds what it names and nothing else', async () => {
  const found = async (query: Omit<RunsQuery, 'project' | 'limit'>) =>
    (await listRuns(database.sql, { project: 'many', limit: 200, ...query })).items;
  const all = <T>(rows: readonly T[], holds: (row: T) => boolean) => rows.length > 0 && rows.every(holds);
  expect(all(await found({ job: 'job-1*' }), ({ job }) => /^job-1/.test(job))).toBe(true);
  expect(new Set((await found({ job: 'job-1*' })).map(({ job }) => job)).size).toBe(11);
  expect(await found({ job: 'JOB-*' })).toEqual([]);
  expect(all(await found({ target: 'core-44' }), ({ target }) => target === 'core-44')).toBe(true);
  expect(all(await found({ timezone: 'Asia/Tokyo' }), ({ timezone }) => timezone === 'Asia/Tokyo')).toBe(true);
  expect(all(await found({ priority: [1, 2] }), ({ priority }) => priority < 3)).toBe(true);
  expect(await found({ trigger: ['schedule'] })).toEqual([]);
  expect(all(await found({ error: 'REFUSED by core-1' }), ({ error_message }) => /refused by core-1/.test(error_message ?? ''))).toBe(true);
  expect(await found({ error: '100%' })).toEqual([]);
  expect(new Set((await found({ jobs: ['job-3', 'job-4'] })).map(({ job }) => job))).toEqual(new Set(['job-3', 'job-4']));
  expect(await found({ jobs: [] })).toEqual([]);
});

test('a few runs are counted one by one, many of a filter only as far as it is quick, and all of them as they were counted when they ended', async () => {
  expect(await countMatching(database.sql, 'many', { job: 'job-7' })).toEqual({ count: 400, more: false });
  expect(await countMatching(database.sql, 'many', { status: ['completed', 'failed'] })).toEqual({ count: 10_000, more: true });
  await database.sql`
    insert into run_stat_deltas (project, hour, job, client, status, duration_bucket, runs, total_ms)
    values ('many', '2020-01-01T00:00:00Z', 'a', '', 'completed', 3, 10000000, 8), ('many', '2020-01-01T01:00:00Z', 'b', '', 'failed', 3, 204113, 8)`;
  const open = await countMatching(database.sql, 'many', { status: ['running', 'queued'] });
  const count = { count: 10_204_113 + open.count, more: false };
  expect(await countAll(database.sql, 'many')).toEqual(count);
  await foldStats(database.sql);
  expect(await countAll(database.sql, 'many')).toEqual(count);
  await recountHours(database.sql);
  expect(await countAll(database.sql, 'many')).toEqual(count);
  const hours = await countByHour(database.sql, 'many', ['failed', 'completed'], {
    from: new Date('2019-12-31T22:00:00Z'),
    ms: 3_600_000,
    count: 4,
  });
  expect(hours).toEqual([
    { bucket: 2, status: 'completed', runs: 10_000_000 },
    { bucket: 3, status: 'failed', runs: 204_113 },
  ]);
});

test('a histogram counts every run of its time once, by status', async () => {
  const from = new Date(Date.now() - 3_600_000);
  const buckets = await countByAcceptance(database.sql, 'many', { priority: [1, 2, 3, 4, 5] }, { from, ms: 600_000, count: 6 });
  const [expected] = await database.sql<{ failed: number; all: number }[]>`
    select count(*) as all, count(*) filter (where status = 'failed') as failed from runs
    where project = 'many' and priority <= 5 and id >= ${firstIdAt(from)} and id < ${firstIdAt(new Date(from.getTime() + 3_600_000))}`;
  const sum = (status?: string) =>
    buckets.reduce((total, one) => total + (status === undefined || one.status === status ? one.runs : 0), 0);
  expect([sum(), sum('failed')]).toEqual([expected?.all, expected?.failed]);
  expect(new Set(buckets.map(({ bucket }) => bucket))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});

test('a read that takes too long is given up and says what would be quicker', async () => {
  await expect(bounded(database.sql, 50, (tx) => tx`select pg_sleep(5)`)).rejects.toThrow(
    'no answer within 0.05 s; ask for a narrower time range',
  );
});

test('every filter keeps out what it should, and filters add up', async () => {
  const rows = await walk({ job: 'job-0', created_by: 'user-0', status: ['completed'] });
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ job, created_by, status }) => job === 'job-0' && created_by === 'user-0' && status === 'completed')).toBe(true);
  expect(await walk({ ref_num: 'ref-121' })).toMatchObject([{ ref_num: 'ref-121' }]);
  const since = new Date(Date.now() - 1_000_000);
  const recent = await walk({ since, until: new Date(Date.now() - 500_000) });
  expect(recent.length).toBeGreaterThan(450);
  expect(recent.length).toBeLessThan(550);
});

test('a list never shows another project, and no parameters or results', async () => {
  const { run } = await accept(database.sql, { project: 'elsewhere' });
  const page = await listRuns(database.sql, { project: 'elsewhere', limit: 10 });
  expect(page.items.map(({ id }) => id)).toEqual([run]);
  expect(page.items[0]).not.toHaveProperty('parameters');
  expect(page.items[0]).not.toHaveProperty('result_data');
});

test.each([
  'nonsense',
  '',
  Buffer.from('["-created_at","x; drop"]').toString('base64url'),
  Buffer.from(`["-execution_time_ms",5,"${uuidv7()}"]`).toString('base64url'),
])('a cursor that this list did not give out is refused: %s', async (after) => {
  await expect(listRuns(database.sql, { project: 'many', limit: 5, after })).rejects.toThrow(InvalidCursor);
});

const SERVED: readonly [index: string, query: Omit<RunsQuery, 'project' | 'limit'>][] = [
  ['runs_project_id', {}],
  ['runs_project_id', { sort: 'created_at' }],
  ['runs_status', { status: ['failed'] }],
  ['runs_status', { status: ['failed', 'lost', 'running'] }],
  ['runs_job', { job: 'job-7' }],
  ['runs_client', { client: 'client-9' }],
  ['runs_ref_num', { ref_num: 'ref-121' }],
  ['runs_job', { job: 'rare-*' }],
  ['runs_job', { jobs: ['job-7', 'job-8'] }],
  ['runs_created_by', { created_by: 'user-3' }],
  ['runs_target', { target: 'core-44' }],
  ['runs_timezone', { timezone: 'Asia/Tokyo' }],
  ['runs_trigger', { trigger: ['sample'] }],
  ['runs_project_id', { from: 'end' }],
  ['runs_status', { status: ['failed'], from: 'end' }],
  ['runs_execution_time', { sort: '-execution_time_ms', from: 'end' }],
  ['runs_parent', { parent: CAUSE }],
  ['runs_chain_source', { chain_source: CAUSE }],
  ['runs_execution_time', { sort: '-execution_time_ms' }],
  ['runs_execution_time', { sort: 'execution_time_ms' }],
];

test.each(SERVED)('%s serves the list of %j, and no more is read than the page needs', async (index, query) => {
  const first = await listRuns(database.sql, { project: 'many', limit: 50, ...query });
  for (const after of first.next === null ? [undefined] : [undefined, first.next]) {
    const plan = await explain(database.sql, (sql) => listRuns(sql, { project: 'many', limit: 50, ...query, after }));
    expect(await indexesUsed(database.sql, plan), plan.join('\n')).toEqual([index]);
    expect(plan.join('\n')).not.toMatch(/Rows Removed by Filter: [1-9]\d/);
  }
});
