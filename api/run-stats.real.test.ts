import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldStats } from '#db/queries/fold-stats.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
  const row = (hour: string, job: string, client: string, status: string, duration_bucket: number, runs: number, total_ms: number) => ({
    hour,
    job,
    client,
    status,
    duration_bucket,
    runs,
    total_ms,
  });
  const rows = [
    row('2026-11-20T10:00:00Z', 'backup', 'acme', 'completed', 10, 3, 4_000),
    row('2026-11-20T23:00:00Z', 'backup', '', 'failed', 12, 1, 5_000),
    row('2026-11-21T00:00:00Z', 'patch', 'acme', 'cancelled', -1, 2, 0),
  ];
  await api.database.sql`insert into run_stat_deltas ${api.database.sql(rows.map((one) => ({ project: 'default', ...one })))}`;
  await foldStats(api.database.sql);
  await api.database
    .sql`insert into run_stat_deltas ${api.database.sql([{ project: 'default', ...row('2026-11-21T09:00:00Z', 'patch', '', 'lost', 11, 1, 3_000) }])}`;
});
afterAll(() => api.close());

const SPAN = 'since=2026-11-19T00:00:00Z&until=2026-11-22T00:00:00Z';
const ask = async (rest: string) => (await api.call<{ items: object[] }>('GET', `/runs/stats?${SPAN}${rest}`)).body.items;

test('runs are counted by day, those of the last second too', async () => {
  expect(await ask('')).toMatchObject([
    { at: '2026-11-20T00:00:00.000Z', group: null, runs: 4, by_status: { completed: 3, failed: 1 }, success_rate: 75, average_ms: 2_250 },
    { at: '2026-11-21T00:00:00.000Z', runs: 3, by_status: { cancelled: 2, lost: 1 }, success_rate: 0, average_ms: 3_000 },
  ]);
});

test('by job, client and status, over all or of one alone', async () => {
  expect(await ask('&bucket=all&by=job')).toMatchObject([
    { at: null, group: 'backup', runs: 4 },
    { group: 'patch', runs: 3 },
  ]);
  expect(await ask('&bucket=all&by=client&job=backup')).toMatchObject([
    { group: '', runs: 1 },
    { group: 'acme', runs: 3 },
  ]);
  expect(await ask('&bucket=all&by=status&client=acme')).toMatchObject([
    { group: 'cancelled', average_ms: null, p50_ms: null, success_rate: null },
    { group: 'completed', p50_ms: 1_536, p95_ms: 1_997 },
  ]);
});

test('by the tags that the jobs carry now, and only the groups that fared worst', async () => {
  for (const [name, tags] of [
    ['backup', '[nightly, core]'],
    ['patch', '[core]'],
  ]) {
    const source = `name: ${name}\ntags: ${tags}\nsteps: [{id: one, type: local.exec, config: {command: "true"}}]\n`;
    expect((await api.call('POST', '/jobs', { body: { source } })).status).toBe(201);
  }
  expect(await ask('&bucket=all&by=tag&worst=9')).toMatchObject([
    { group: 'core', runs: 7 },
    { group: 'nightly', runs: 4 },
  ]);
  expect(await ask('&bucket=all&by=job&worst=1')).toMatchObject([{ group: 'backup', runs: 4 }]);
});

test.each([
  ['since=2026-11-22T00:00:00Z&until=2026-11-21T00:00:00Z', /before until/],
  ['bucket=hour&since=2026-01-01T00:00:00Z&until=2026-11-21T00:00:00Z', /at most 31 days/],
  ['since=yesterday', /since/],
  ['by=target', /by/],
])('%s is refused', async (asked, words) => {
  const { status, body } = await api.call<{ detail: string }>('GET', `/runs/stats?${asked}`);
  expect([status, JSON.stringify(body)]).toEqual([400, expect.stringMatching(words)]);
});
