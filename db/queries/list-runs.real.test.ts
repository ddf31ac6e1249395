import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidCursor } from '../cursor.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { explain, indexesUsed } from '../testing/explain.ts';
import { accept, record } from '../testing/runs.ts';
import { listRuns, RUN_SORTS, type RunSummary, type RunsQuery } from './list-runs.ts';
import { recordRuns } from './record-runs.ts';

/** The run that some of the runs come from. */
const CAUSE = '01a20330-501b-7613-9efa-9a780b896843';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.sql`
    insert into runs (id, project, job, status, client, ref_num, trigger, created_by, workflow_id, started_at, ended_at, parent_run, chain_source)
    select uuidv7(make_interval(secs => -n)), project, 'job-' || n % 50, (array['completed','completed','completed','failed','running','queued','lost'])[1 + n % 7],
      case when n % 3 = 0 then 'client-' || n % 100 end, case when n % 11 = 0 then 'ref-' || n end, 'api', 'user-' || n % 20, 'w' || n,
      now() - make_interval(secs => n), case when n % 7 not in (4, 5) then now() - make_interval(secs => n) + make_interval(secs => n * 7919 % 3600) end,
      case when n % 5000 = 7 and project = 'many' then ${CAUSE}::uuid end, case when n % 5000 = 9 and project = 'many' then ${CAUSE}::uuid end
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
  const values = rows.map((row) => (column === 'created_at' ? row.id : row.execution_time_ms));
  const inOrder = [...values].sort((a, b) => (Number(a) - Number(b) || (String(a) < String(b) ? -1 : 1)) * (sort.startsWith('-') ? -1 : 1));
  expect(values.map(String)).toEqual(
    column === 'created_at' ? [...values].sort().map(String)[sort.startsWith('-') ? 'reverse' : 'slice']() : inOrder.map(String),
  );
  const [expected] = await database.sql<{ count: number }[]>`
    select count(*) as count from runs where project = 'many' and job = 'job-7' and (${column} = 'created_at' or execution_time_ms is not null)`;
  expect(rows).toHaveLength(expected?.count ?? 0);
});

test('several statuses give one list in order, the same as asking for everything and choosing', async () => {
  const chosen = await walk({ statuses: ['failed', 'lost'], client: 'client-9' });
  const all = await walk({ client: 'client-9' });
  expect(chosen.length).toBeGreaterThan(10);
  expect(chosen.map(({ id }) => id)).toEqual(all.filter(({ status }) => status === 'failed' || status === 'lost').map(({ id }) => id));
});

test('every filter keeps out what it should, and filters add up', async () => {
  const rows = await walk({ job: 'job-0', created_by: 'user-0', statuses: ['completed'] });
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
  ['runs_status', { statuses: ['failed'] }],
  ['runs_status', { statuses: ['failed', 'lost', 'running'] }],
  ['runs_job', { job: 'job-7' }],
  ['runs_client', { client: 'client-9' }],
  ['runs_ref_num', { ref_num: 'ref-121' }],
  ['runs_created_by', { created_by: 'user-3' }],
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
