import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
  await job('backup', 'site: { type: string, enum: [ber, fra] }');
  await job('sealed', 'password: { type: string, secret: true }');
});
afterAll(() => api.close());

const job = (name: string, parameters?: string) =>
  api.call('POST', '/jobs', {
    body: `name: ${name}\n${parameters ? `parameters:\n  ${parameters}\n` : ''}steps:\n  - id: a\n    type: local.exec\n    config: { command: "true" }\n`,
  });
const NIGHTLY = `# Owned by the night shift
name: nightly
job: backup   # the big one
cron: 0 2 * * *
timezone: Europe/Berlin
parameters: { site: ber }
`;
const save = (fields: object) => api.call('POST', '/schedules', { body: { job: 'backup', parameters: { site: 'ber' }, ...fields } });
const pointersOf = (body: { readonly [name: string]: unknown }) => (body.problems as { pointer: string }[]).map(({ pointer }) => pointer);

test('a schedule is kept as it was written, and shows when it starts something next and that Temporal is yet to be told', async () => {
  const made = await api.call('POST', '/schedules', { body: NIGHTLY });
  expect([made.status, made.headers.get('location'), made.headers.get('etag')]).toEqual([201, '/api/v1/schedules/nightly', '"1"']);
  expect(made.body).toMatchObject({
    name: 'nightly',
    source: NIGHTLY,
    state: 'not_armed',
    timezone: 'Europe/Berlin',
    plan: { is_armed: false, problem: null },
    next_local: expect.stringMatching(/T02:00:00\+0[12]:00$/),
    warnings: [],
  });
  expect((await api.call('GET', '/schedules/nightly')).body).toMatchObject({ source: NIGHTLY, version: 1 });
});

const PATCHED = NIGHTLY.replace('nightly', 'patched');

test('a patch changes single fields and leaves comments; new times count from now on, another parameter does not touch them', async () => {
  await api.call('POST', '/schedules', { body: PATCHED });
  const before = await api.call('GET', '/schedules/patched');
  const [first] = await times('patched');
  const without = await api.call('PATCH', '/schedules/patched', { body: { overlap: 'allow_all' } });
  expect(without.status).toBe(428);
  const patched = await api.call<{ source: string }>('PATCH', '/schedules/patched', {
    body: { parameters: { site: 'fra' } },
    headers: { 'if-match': before.headers.get('etag') ?? '' },
  });
  expect([patched.status, patched.headers.get('etag')]).toEqual([200, '"2"']);
  expect(patched.body.source).toBe(PATCHED.replace('ber }', 'fra }').replace('backup   #', 'backup #'));
  const stale = await api.call('PUT', '/schedules/patched', { body: PATCHED, headers: { 'if-match': '"1"' } });
  expect(stale.status).toBe(412);
  const [same] = await times('patched');
  expect(same?.effective_at).toBe(first?.effective_at);
  const put = await api.call('PUT', '/schedules/patched', { body: PATCHED.replace('0 2', '0 3'), headers: { 'if-match': '"2"' } });
  expect([put.status, put.body.version]).toEqual([200, 3]);
  const [changed] = await times('patched');
  expect(changed?.effective_at).not.toBe(same?.effective_at);
  expect(changed?.versions).toBe(3);
  const again = await api.call('PUT', '/schedules/patched', { body: PATCHED.replace('0 2', '0 3'), headers: { 'if-match': '"3"' } });
  expect(again.body.version).toBe(3);
});

const times = (name: string) => api.database.sql<{ effective_at: string; versions: number }[]>`
  select effective_at, (select count(*)::integer from schedule_versions v where v.schedule_id = s.id) as versions from schedules s where name = ${name}`;

test.each([
  ['an unknown job', { name: 'a', job: 'bakcup', cron: '0 2 * * *' }, '/job'],
  ['a version that its job does not have', { name: 'a', version: 7, cron: '0 2 * * *' }, '/version'],
  ['a zone that is none', { name: 'a', cron: '0 2 * * *', timezone: 'Europe/Berln' }, '/timezone'],
  ['a day that never comes', { name: 'a', cron: '30 2 31 2 *' }, '/cron'],
  ['a moment that has passed', { name: 'a', scheduled_for: '2020-01-01T00:00:00Z' }, '/scheduled_for'],
  ['parameters that its job does not take', { name: 'a', cron: '0 2 * * *', parameters: { site: 'muc' } }, '/parameters/site'],
  ['a secret', { name: 'a', job: 'sealed', cron: '0 2 * * *', parameters: { password: 'x' } }, '/parameters/password'],
  ['a job that asks for a secret', { name: 'a', job: 'sealed', cron: '0 2 * * *', parameters: {} }, '/parameters/password'],
  ['a calendar that nobody made', { name: 'a', cron: '0 2 * * *', calendars: [{ name: 'holidays', use: 'block' }] }, '/calendars/0/name'],
  ['catching up beyond a week', { name: 'a', cron: '0 2 * * *', catchup_window: '8d' }, '/catchup_window'],
])('%s is refused where it stands, and nothing is saved', async (_what, fields, pointer) => {
  const { status, body } = await save(fields);
  expect([status, pointersOf(body)]).toEqual([422, [pointer]]);
  expect((await api.call('GET', '/schedules/a')).status).toBe(404);
  const checked = await api.call('POST', '/schedules/validate', { body: { job: 'backup', parameters: { site: 'ber' }, ...fields } });
  expect([checked.status, checked.body.valid, pointersOf(checked.body)]).toEqual([200, false, [pointer]]);
});

test('a name is taken once; a schedule that was deleted gives it back', async () => {
  await save({ name: 'once', every: '1h' });
  expect((await save({ name: 'once', every: '2h' })).status).toBe(409);
  expect((await api.call('DELETE', '/schedules/once', { headers: { 'if-match': '*' } })).status).toBe(204);
  expect((await api.call('GET', '/schedules/once')).status).toBe(404);
  expect((await save({ name: 'once', every: '2h' })).status).toBe(201);
});

test('lists are filtered by state, job, zone, client and part of a name, sorted by the next moment, and read page by page', async () => {
  for (const [at, zone] of ['Asia/Tokyo', 'America/Lima', 'Asia/Tokyo', 'Asia/Tokyo'].entries()) {
    const { status } = await save({
      name: `listed-${at}`,
      scheduled_for: `${new Date().getUTCFullYear() + 1}-01-0${4 - at}T00:00`,
      timezone: zone,
      client: at === 0 ? 'acme' : 'umbrella',
    });
    expect(status).toBe(201);
  }
  const page = async (search: string): Promise<{ names: readonly string[]; next: string | null }> => {
    const { status, body } = await api.call<{ items: { name: string }[]; next: string | null }>('GET', `/schedules?${search}`);
    expect(status).toBe(200);
    return { names: body.items.map(({ name }) => name), next: body.next };
  };
  const all = 'q=LISTED&sort=next_at&limit=3';
  const first = await page(all);
  expect(first.names).toEqual(['listed-3', 'listed-2', 'listed-1']);
  expect(await page(`${all}&after=${first.next}`)).toEqual({ names: ['listed-0'], next: null });
  expect((await page('q=listed&sort=-next_at')).names).toEqual(['listed-0', 'listed-1', 'listed-2', 'listed-3']);
  expect((await page('q=listed&timezone=America/Lima')).names).toEqual(['listed-1']);
  expect((await page('client=acme&state=not_armed&job=backup')).names).toEqual(['listed-0']);
  const never = await page('q=listed&sort=last_fire_at&limit=2');
  expect((await page(`q=listed&sort=last_fire_at&after=${never.next}`)).names).toHaveLength(2);
  expect((await api.call('GET', `/schedules?sort=name&after=${first.next}`)).status).toBe(400);
});

test('the schedules of a job that is switched off or deleted stop, say why, and go on when it is back', async () => {
  await job('fragile');
  await api.call('POST', '/schedules', { body: { name: 'leaning', job: 'fragile', every: '1h' } });
  const standing = async () => {
    const { state, stopped_reason } = (await api.call('GET', '/schedules/leaning')).body;
    return [state, stopped_reason];
  };
  const tag = async () => ({ 'if-match': (await api.call('GET', '/jobs/fragile')).headers.get('etag') ?? '' });
  await api.call('PATCH', '/jobs/fragile', { body: { active: false }, headers: await tag() });
  expect(await standing()).toEqual(['stopped', 'job fragile is switched off']);
  await api.call('PATCH', '/jobs/fragile', { body: { active: true }, headers: await tag() });
  expect(await standing()).toEqual(['not_armed', null]);
  expect((await api.call('DELETE', '/jobs/fragile', { headers: await tag() })).status).toBe(204);
  expect(await standing()).toEqual(['stopped', 'job fragile was deleted']);
  await job('fragile');
  expect(await standing()).toEqual(['not_armed', null]);
  const pauses = await api.database.sql`
    select kind, note, until_at is not null as is_over from schedule_pauses p join schedules s on s.id = p.schedule_id where s.name = 'leaning' order by from_at`;
  expect(pauses).toMatchObject([
    { kind: 'stopped', note: 'job fragile is switched off', is_over: true },
    { kind: 'stopped', note: 'job fragile was deleted', is_over: true },
  ]);
});

test('a pause has a note, an author and an end; resuming says how many moments it took and starts none', async () => {
  await save({ name: 'paused', every: '10s' });
  const past = await api.call('POST', '/schedules/paused/pause', { body: { until: '2020-01-01T00:00:00Z' } });
  expect([past.status, pointersOf(past.body)]).toEqual([422, ['/until']]);
  const paused = await api.call('POST', '/schedules/paused/pause', { body: { note: 'the core is replaced' }, token: api.tokens.operator });
  expect([paused.status, paused.body]).toMatchObject([
    200,
    { state: 'paused', pause: { note: 'the core is replaced', by: 'operator', until: null } },
  ]);
  await api.call('POST', '/schedules/paused/pause', { body: { note: 'longer', until: '2099-01-01T00:00:00Z' } });
  await api.database.sql`update schedules set paused_at = now() - interval '1 hour' where name = 'paused'`;
  const resumed = await api.call('POST', '/schedules/paused/resume', { body: {} });
  expect([resumed.status, resumed.body]).toMatchObject([
    200,
    { state: 'not_armed', pause: null, missed: { count: 360, at_least: false }, backfill: null },
  ]);
  expect((await api.call('POST', '/schedules/paused/resume', { body: {} })).status).toBe(409);
  await api.call('POST', '/schedules/paused/pause', { body: {} });
  await api.database.sql`update schedules set paused_at = now() - interval '1 minute' where name = 'paused'`;
  const after = await api.call('POST', '/schedules/paused/resume', { body: { run_missed: true } });
  expect([after.status, after.body]).toMatchObject([200, { missed: { count: 6 }, backfill: expect.any(String) }]);
  const backfill = await api.call('GET', `/schedules/paused/backfills/${after.body.backfill}`);
  expect(backfill.body).toMatchObject({ total: 6, max_active: 1, order: 'oldest', reprocess: 'missing' });
  const audit = await api.call<{ items: { action: string; reason: string | null }[] }>('GET', '/audit?subject=paused');
  expect(audit.body.items.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['schedule.create', 'schedule.pause', 'schedule.pause', 'schedule.resume']),
  );
});

test('asked twice with the same key, a schedule is created, paused and resumed once, and its backfill is the same', async () => {
  const ask = (path: string, key: string, body: object) => api.call('POST', path, { body, headers: { 'idempotency-key': key } });
  const fields = { name: 'twice', job: 'backup', every: '10s', parameters: { site: 'ber' } };
  const made = await ask('/schedules', 'make', fields);
  const again = await ask('/schedules', 'make', fields);
  expect([made.status, again.status, again.body.id]).toEqual([201, 201, made.body.id]);
  expect((await ask('/schedules', 'make', { ...fields, every: '20s' })).status).toBe(409);
  expect((await ask('/schedules', 'other', fields)).status).toBe(409);

  await ask('/schedules/twice/pause', 'hold', { note: 'once' });
  await api.database.sql`
    with held as (update schedule_pauses set from_at = now() - interval '1 minute' where schedule_id = ${String(made.body.id)} returning from_at)
    update schedules s set paused_at = held.from_at from held where s.id = ${String(made.body.id)}`;
  const resumed = await ask('/schedules/twice/resume', 'go', { run_missed: true });
  const resumedAgain = await ask('/schedules/twice/resume', 'go', { run_missed: true });
  expect([resumedAgain.status, resumedAgain.body.backfill, resumedAgain.body.missed]).toEqual([
    200,
    resumed.body.backfill,
    resumed.body.missed,
  ]);
  expect(resumed.body.backfill).not.toBeNull();
  const pausedAgain = await ask('/schedules/twice/pause', 'hold', { note: 'once' });
  expect([pausedAgain.status, pausedAgain.body.pause]).toEqual([200, null]);
});

test('many are paused and resumed by a filter, which must say something', async () => {
  expect((await api.call('POST', '/schedules/pause', { body: { filter: {} } })).status).toBe(422);
  const listed = { count: 3, schedules: ['listed-1', 'listed-2', 'listed-3'] };
  expect((await api.call('POST', '/schedules/pause', { body: { filter: { client: 'umbrella' }, dry_run: true } })).body).toEqual(listed);
  expect((await api.call('GET', '/schedules/listed-1')).body.pause).toBeNull();
  const paused = await api.call('POST', '/schedules/pause', { body: { filter: { client: 'umbrella' }, note: 'they asked for it' } });
  expect(paused.body).toEqual(listed);
  const resumed = await api.call('POST', '/schedules/resume', { body: { filter: { q: 'listed' } } });
  expect(resumed.body).toMatchObject({ count: 3, schedules: [{ schedule: 'listed-1', missed: { count: 0 } }, {}, {}] });
});

test('one switch stops all schedules, with a note and an end; an operator may pause but not stop all', async () => {
  expect((await api.call('PUT', '/schedule-switch', { body: { stopped: true }, token: api.tokens.operator })).status).toBe(403);
  const stopped = await api.call('PUT', '/schedule-switch', { body: { stopped: true, note: 'moving house' } });
  expect([stopped.status, stopped.body]).toMatchObject([200, { stopped: true, by: 'admin', note: 'moving house', until: null }]);
  await api.call('PUT', '/schedule-switch', { body: { stopped: true, note: 'still', until: '2099-01-01T00:00:00Z' } });
  expect((await api.call('GET', '/schedule-switch')).body).toMatchObject({
    stopped: true,
    note: 'still',
    until: '2099-01-01T00:00:00.000Z',
  });
  expect((await api.call('PUT', '/schedule-switch', { body: { stopped: false } })).body).toMatchObject({ stopped: false });
  expect(await api.database.sql`select kind, resumed_by from schedule_pauses where schedule_id is null`).toEqual([
    { kind: 'maintenance', resumed_by: 'admin' },
  ]);
});

test('what a schedule was before and when it was held stays to be read, and the list counts what it missed of late', async () => {
  const versions = await api.call<{ items: readonly object[]; next: string }>('GET', '/schedules/patched/versions?limit=2');
  expect(versions.body.items).toMatchObject([
    { version: 3, words: expect.stringContaining('03:00'), author: 'admin' },
    { version: 2, words: expect.stringContaining('02:00'), definition: { parameters: { site: 'fra' } } },
  ]);
  const rest = await api.call('GET', `/schedules/patched/versions?limit=2&after=${versions.body.next}`);
  expect(rest.body).toMatchObject({ items: [{ version: 1 }], next: null });
  const pauses = await api.call<{ items: readonly { of_all: boolean }[] }>('GET', '/schedules/listed-1/pauses');
  expect(pauses.body.items).toMatchObject([
    { kind: 'maintenance', of_all: true, note: 'still' },
    { kind: 'paused', of_all: false, note: 'they asked for it', by: 'admin', until: expect.any(String) },
  ]);
  const { sql } = api.database;
  await sql`
    insert into schedule_fires (schedule_id, schedule, nominal_at, again, trigger, status, reason)
    select id, name, now() - hours * interval '1 hour', 0, 'schedule', 'missed', 'overlap' from schedules, unnest(array[1, 2, 30]) hours where name = 'listed-2'`;
  const list = await api.call('GET', '/schedules?q=listed-2');
  expect(list.body).toMatchObject({ items: [{ name: 'listed-2', missed_last_day: 2 }] });
});

test('of moments that are over the list and the agenda say what the clocks made of them, by the policies that stood then', async () => {
  const { sql } = api.database;
  await save({ name: 'clocks', cron: '30 2 * * *', timezone: 'Europe/Berlin', dst: { fold: 'both', gap: 'shift' } });
  await sql`update schedule_versions set from_at = '2026-01-01' where schedule_id = (select id from schedules where name = 'clocks')`;
  await sql`
    insert into schedule_fires (schedule_id, schedule, nominal_at, again, trigger, status, reason)
    select id, name, at::timestamptz, 0, 'schedule', 'missed', 'overlap'
    from schedules, unnest(array['2026-03-29T01:30Z', '2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z']) at where name = 'clocks'`;
  await api.call('PATCH', '/schedules/clocks', { body: { dst: { fold: 'first', gap: 'skip' } }, headers: { 'if-match': '*' } });
  const dst = { fold: 'both', gap: 'shift' };
  const [second, first, plain, shifted] = [
    { marks: ['fold-second'], wall: '2026-10-25T02:30', dst },
    { marks: ['fold-first'], wall: '2026-10-25T02:30', dst },
    { marks: [], wall: null, dst: null },
    { marks: ['shifted'], wall: '2026-03-29T02:30', dst },
  ];
  expect((await api.call('GET', '/schedules/clocks/fires')).body.items).toMatchObject([second, first, plain, shifted]);
  const october = '/schedules/agenda?schedule=clocks&zone=Europe/Berlin&from=2026-10-24&to=2026-10-26&state=missed';
  expect((await api.call('GET', october)).body.items).toMatchObject([plain, first, second]);
});
