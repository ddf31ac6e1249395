import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen, type Notice, notify } from '#db/notices.ts';
import { recordCheck } from '#db/queries/checks.ts';
import { markSeen } from '#db/queries/find-holder.ts';
import { rewrapCredentials } from '#db/queries/rewrap-credentials.ts';
import { acceptFire } from '#db/queries/schedules/accept-fire.ts';
import { setNext } from '#db/queries/schedules/advance.ts';
import { claimToArm, settleArmed } from '#db/queries/schedules/arming.ts';
import { claimUnswept } from '#db/queries/schedules/sweep.ts';
import { PLACES } from '#jobs/places.ts';
import { zoneData } from '#platform/zone-data.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
let stop: () => Promise<void>;
const heard: Notice[] = [];
beforeAll(async () => {
  api = await startInstallation();
  ({ stop } = await listen(api.database.sql, (notice) => heard.push(notice)));
  await api.call('POST', '/jobs', { body: 'name: quick\nsteps:\n  - id: a\n    type: local.exec\n    config: { command: "true" }\n' });
});
afterAll(async () => {
  await stop?.();
  await api?.close();
});

/** What was told of places while something was done, each notice with its places. */
const toldWhile = async (act: () => Promise<unknown>) => {
  heard.length = 0;
  await act();
  const end = uuidv7();
  await notify(api.database.sql, { jobs: [end] });
  await expect.poll(() => heard.some(({ jobs }) => jobs?.includes(end))).toBe(true);
  return heard.flatMap(({ places }) => (places ? [places] : []));
};

const call = async (method: string, path: string, body?: unknown, headers = {}) => {
  const answer = await api.call<{ id: string }>(method, path, { body, headers });
  expect([path, answer.status < 300, answer.body]).toEqual([path, true, answer.body]);
  return answer.body;
};
const one = { 'if-match': '"1"' };
const any = { 'if-match': '*' };

test('every place has triggers that tell of it, and they tell of no other', async () => {
  const rows = await api.database.sql<{ place: string }[]>`
    select distinct split_part(encode(tgargs, 'escape'), ${'\\'}, 1) as place from pg_trigger where tgfoid = 'tell_place'::regproc`;
  expect(rows.map(({ place }) => place).sort()).toEqual(Object.keys(PLACES).sort());
});

test.each([
  ['a target', [['targets']], () => call('POST', '/targets', { name: 'a', host: '10.0.0.1' })],
  ['another target', [['targets']], () => call('POST', '/targets', { name: 'b', host: '10.0.0.3' })],
  ['a target’s change', [['targets']], () => call('PUT', '/targets/a', { host: '10.0.0.2' }, one)],
  ['many targets at once', [['targets']], () => call('POST', '/targets/change', { targets: ['a', 'b'], add_tag: 'edge' })],
  ['a target’s end', [['targets']], () => call('DELETE', '/targets/a')],
  ['a credential', [['credentials']], () => call('POST', '/credentials', { name: 'a', kind: 'ssh_password', password: 'x' })],
  ['a new secret', [['credentials']], () => call('PUT', '/credentials/a', { kind: 'ssh_password', password: 'y' }, one)],
  ['a calendar', [['calendars']], () => call('POST', '/calendars', { name: 'a', entries: ['12-24'] })],
  ['a calendar’s change', [['calendars']], () => call('PUT', '/calendars/a', { name: 'a', entries: ['12-25'] }, one)],
  ['a schedule', [['schedules']], () => call('POST', '/schedules', { name: 'a', job: 'quick', cron: '0 3 * * *' })],
  ['a schedule’s change', [['schedules']], () => call('PATCH', '/schedules/a', { cron: '0 4 * * *' }, one)],
  ['a pause', [['schedules']], () => call('POST', '/schedules/a/pause', { note: 'a while' })],
  ['the end of a pause', [['schedules']], () => call('POST', '/schedules/a/resume', {})],
  ['the stop of all schedules', [['schedules']], () => call('PUT', '/schedule-switch', { stopped: true })],
  ['the start of all schedules', [['schedules']], () => call('PUT', '/schedule-switch', { stopped: false })],
  ['a job that is switched off', [['schedules']], () => call('PATCH', '/jobs/quick', { active: false }, any)],
  ['a job that is switched on', [['schedules']], () => call('PATCH', '/jobs/quick', { active: true }, any)],
  ['a weight', [['weights']], () => call('PUT', '/queues/weights/acme', { weight: 2 })],
  ['a user', [['users']], () => call('POST', '/users', { name: 'a', role: 'viewer', password: 'long enough a word' })],
  ['a user’s change', [['users']], () => call('PUT', '/users/a', { display_name: null, role: 'operator', active: true }, one)],
  ['a group', [['groups'], ['users']], () => call('POST', '/groups', { name: 'a', members: ['a', 'viewer'] })],
  ['a group’s change', [['groups'], ['users']], () => call('PUT', '/groups/a', { members: ['viewer'] }, one)],
  ['a token', [['tokens']], () => call('POST', '/tokens', { name: 'a' })],
])('%s is told of once, when it is kept', async (_what, places, change) => {
  expect((await toldWhile(change)).sort()).toEqual(places);
});

test('what is refused or taken back is not told', async () => {
  expect(
    await toldWhile(async () => {
      expect((await api.call('PUT', '/targets/b', { body: { host: '10.0.0.9' }, headers: one })).status).toBe(412);
      await api.database.sql
        .begin(async (tx) => {
          await tx`update targets set version = version + 1`;
          throw new Error('changed my mind');
        })
        .catch(() => undefined);
    }),
  ).toEqual([]);
});

test('a schedule that Temporal knows of is told once, and neither its starts nor what looks after them ever', async () => {
  const { sql } = api.database;
  const arm = async () => {
    for (const claimed of await claimToArm(sql, 100))
      await settleArmed(sql, claimed, { plannedUntil: Date.now(), calendars: 1, zoneData: 'x', nextAt: Date.now() + 60_000 });
  };
  expect(await toldWhile(arm)).toEqual([['schedules']]);
  const [row] = await sql<{ id: string; version: number }[]>`select id, version from schedules where name = 'a'`;
  if (!row) throw new Error('no schedule');
  expect(
    await toldWhile(async () => {
      const nominalAt = Math.floor(Date.now() / 60_000) * 60_000;
      const fired = await sql.begin((tx) => acceptFire(tx, zoneData(), { schedule: row.id, nominalAt, trigger: 'manual', askedBy: 'ann' }));
      expect(fired.outcome).toBe('accepted');
      await setNext(sql, [{ ...row, next: new Date(Date.now() + 120_000).toISOString() }]);
      await claimUnswept(sql, 1_000, 100);
      await sql`update schedules set arm_at = now()`;
      await arm();
    }),
  ).toEqual([]);
});

test('a look at a host, a use, a login and another wrapping of secrets change nothing that people own', async () => {
  const { sql } = api.database;
  const tokens = await sql<{ id: string }[]>`select id from tokens`;
  expect(
    await toldWhile(async () => {
      const at = new Date().toISOString();
      const check = {
        id: uuidv7(),
        project: 'default',
        target: 'b',
        at,
        healthy: true,
        stage: null,
        error: null,
        latency_ms: 1,
        stages: [],
      };
      await recordCheck(sql, { ...check, worker_id: 'w', actor: 'health' });
      await markSeen(
        sql,
        [],
        tokens.map(({ id }) => id),
      );
      await call('POST', '/login', { user: 'a', password: 'long enough a word' });
      await rewrapCredentials(sql, 'default', ({ sealed }) => ({ ...sealed }));
    }),
  ).toEqual([]);
});
