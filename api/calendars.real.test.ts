import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveSchedule } from '#db/queries/schedules/save-schedule.ts';
import { type Installation, startInstallation } from './testing/installation.ts';

let api: Installation;
beforeAll(async () => {
  api = await startInstallation();
  await api.call('POST', '/jobs', { body: 'name: quick\nsteps:\n  - { id: a, type: local.exec, config: { command: "true" } }\n' });
});
afterAll(() => api.close());

type Problems = { readonly detail: string; readonly problems: readonly { readonly pointer: string; readonly line?: number }[] };
type Effects = { readonly removed: number; readonly added: number; readonly moved: number; readonly changes: readonly object[] };
type Saved = { readonly version: number; readonly effects: Effects; readonly used_by: object; readonly feed: object | null };

const YEAR = new Date().getUTCFullYear() + 1;
const add = (text: string) => api.call<Saved & Problems>('POST', '/calendars', { body: text });
const schedule = async (name: string, calendar: string, use: string, more = '') => {
  const made = await api.call('POST', '/schedules', {
    body: `name: ${name}\njob: quick\ncron: 0 9 * * *\ntimezone: Europe/Berlin\ncalendars: [{ name: ${calendar}, use: ${use} }]\n${more}`,
  });
  expect([made.status, made.body]).toMatchObject([201, { name }]);
};
const ics = (...events: readonly string[]) =>
  ['BEGIN:VCALENDAR', ...events.map((event) => ['BEGIN:VEVENT', ...event.split('|'), 'END:VEVENT'].join('\r\n')), 'END:VCALENDAR'].join(
    '\r\n',
  );
const upload = async (query: string, text: string, token = api.tokens.admin) => {
  const answer = await fetch(`${api.url}/api/v1/calendars/import?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/calendar; charset=utf-8' },
    body: text,
  });
  return { status: answer.status, body: (await answer.json()) as Saved & Problems };
};

test('a calendar is kept as it was written, and read back with who uses it', async () => {
  const text = `# closed\nname: closed\ntimezone: Europe/Berlin\nentries:\n  - 12-24..12-26\n  - { on: sat-sun, note: weekend }\n  - mon-fri 22:00-06:00\n`;
  expect((await add(text)).status).toBe(201);
  await schedule('closed-user', 'closed', 'block');
  const seen = await api.call('GET', '/calendars/closed');
  expect([seen.headers.get('etag'), seen.body]).toMatchObject([
    '"1"',
    {
      source: text,
      timezone: 'Europe/Berlin',
      entries: 3,
      feed: null,
      used_by: { schedules: ['closed-user'], targets: [] },
      created_by: 'admin',
    },
  ]);
  const spans = await api.call('GET', `/calendars/closed/spans?from=${YEAR}-12-24&to=${YEAR}-12-27`);
  expect(spans.body).toMatchObject({ timezone: 'Europe/Berlin', is_complete: true });
  expect((spans.body.items as { local_from: string }[])[0]).toMatchObject({ local_from: `${YEAR}-12-24T00:00` });
});

test.each([
  ['entries: [2027-02-30]', '/entries/0', 'is no date'],
  ['entries: [2027-03-01..2027-02-01]', '/entries/0', 'ends before it begins'],
  ['entries: ["13-01"]', '/entries/0', 'no day of the year'],
  ['entries: [sonday]', '/entries/0', 'no day of the week'],
  ['entries: ["mon 10:00-10:00"]', '/entries/0', 'begins when it ends'],
  ['entries: [{ on: "25:00-26:00" }]', '/entries/0/on', 'no time of day'],
  ['timezone: Europe/Berln', '/timezone', 'did you mean "Europe/Berlin"?'],
  ['ical: { url: "ftp://example.com/a.ics" }', '/ical/url', 'is no address'],
  ['ical: { url: "https://ann:secret@example.com/a.ics" }', '/ical/url', 'holds a login'],
  ['ical: { url: "https://example.com/a.ics", refresh: 10s }', '/ical/refresh', '5m to 30d'],
  ['colour: red', '/colour', 'unknown field'],
])('a calendar with %s is refused at %s', async (field, pointer, detail) => {
  const { status, body } = await add(`name: wrong\n${field}\n`);
  expect([status, body.problems]).toMatchObject([422, [{ pointer, line: 2 }]]);
  expect(body.detail).toContain(detail);
});

test('an edit shows first which starts it removes, adds and moves, and saves nothing then', async () => {
  await add(`name: edited\nentries: ["${YEAR}-05-01"]\n`);
  await schedule('blocked', 'edited', 'block');
  await schedule('deferred', 'edited', 'defer');
  const edit = (text: string, query = '', tag = '"1"') =>
    api.call<Saved>('PUT', `/calendars/edited${query}`, { body: text, headers: { 'if-match': tag } });
  const next = `name: edited\nentries: ["${YEAR}-05-02", "${YEAR}-05-03"]\n`;
  const dry = await edit(next, '?dry_run=true');
  expect([dry.status, dry.body]).toMatchObject([200, { dry_run: true, effects: { removed: 3, added: 1, moved: 2, is_complete: true } }]);
  expect(dry.body.effects.changes).toContainEqual({
    schedule: 'blocked',
    change: 'removed',
    at: `${YEAR}-05-02T07:00:00.000Z`,
    to: null,
    wall: `${YEAR}-05-02T09:00`,
  });
  expect((await api.call('GET', '/calendars/edited')).body).toMatchObject({ version: 1 });
  const hours = await edit(`name: edited\nentries: ["${YEAR}-05-01", "${YEAR}-06-01", "sat 08:00-10:00"]\n`, '?dry_run=true');
  expect(hours.body.effects.moved).toBeGreaterThan(50);
  expect(hours.body.effects.changes).toContainEqual(expect.objectContaining({ schedule: 'deferred', change: 'moved' }));

  expect((await edit(next, '', '"7"')).status).toBe(412);
  const { sql } = api.database;
  await sql`update schedules set arm_at = null`;
  expect([(await edit(next)).body, await api.call('GET', '/calendars/edited')]).toMatchObject([
    { dry_run: false, version: 2, effects: { removed: 3, added: 1, moved: 2 } },
    { body: { version: 2 } },
  ]);
  const told = await sql<{ name: string }[]>`select name from schedules where arm_at is not null order by name`;
  expect(told.map(({ name }) => name)).toEqual(['blocked', 'deferred']);
  const audit = await api.call<{ items: readonly object[] }>('GET', '/audit?subject_kind=calendar&subject=edited');
  expect(audit.body.items).toMatchObject([{ action: 'calendar.save' }, { action: 'calendar.create' }]);
});

test('an iCalendar text that is uploaded becomes times of its calendar; the next one takes its place, and it can be taken out', async () => {
  const text = ics(
    'UID:1|DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY',
    `UID:2|DTSTART;TZID=Europe/Berlin:${YEAR}0301T080000|DTEND;TZID=Europe/Berlin:${YEAR}0301T100000`,
  );
  const dry = await upload('name=holidays&dry_run=true', text);
  expect([dry.status, dry.body]).toMatchObject([
    200,
    { dry_run: true, feed: { events: 2 }, spans: expect.arrayContaining([expect.objectContaining({ local_from: `${YEAR}-01-01T00:00` })]) },
  ]);
  expect((await api.call('GET', '/calendars/holidays')).status).toBe(404);
  expect(await upload('name=holidays', text)).toMatchObject({
    status: 201,
    body: { version: 1, feed: { url: null, events: 2, problem: null, alarm: null } },
  });
  await schedule('festive', 'holidays', 'block');
  const start = { schedule: 'festive', at: `${YEAR}-03-01T08:00:00.000Z`, wall: `${YEAR}-03-01T09:00` };
  const emptied = await upload('name=holidays', ics('UID:3|DTSTART;VALUE=DATE:20200101'));
  expect([emptied.status, emptied.body]).toMatchObject([200, { version: 2, feed: { events: 1, instances: 0 } }]);
  expect(emptied.body.effects.changes).toContainEqual({ ...start, change: 'added', at: null, to: start.at });
  const out = await api.call<Saved>('DELETE', '/calendars/holidays/ical');
  expect([out.status, out.body]).toMatchObject([200, { version: 3, feed: null }]);
});

test.each([
  ['', null, 'the text is empty'],
  ['hello\r\nworld', 1, 'BEGIN:VCALENDAR is expected'],
  ['BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270101T000000Z\r\n', 2, 'has no END'],
  [ics('UID:1|DTSTART;TZID=Mars/Base:20270101T000000|DURATION:PT1H'), 4, 'is no time zone of IANA'],
  [ics('UID:1|DTSTART:20270230T000000Z|DURATION:PT1H'), 4, 'is no day of the calendar'],
  [ics('UID:1|DTSTART:20270202T000000Z|DTEND:20270201T000000Z'), 5, 'ends before it begins'],
  [ics('UID:1|DTSTART:20270101T000000Z|DURATION:PT1H|RRULE:FREQ=SOMETIMES'), 6, 'invalid frequency'],
  [ics('UID:1|DTSTART:20200101T000000Z|DURATION:PT1S|RRULE:FREQ=SECONDLY'), 2, 'more than 20000 instances'],
])('the text %j is refused at line %j', async (text, line, says) => {
  const { status, body } = await upload('name=bad', text);
  expect([status, body.problems]).toMatchObject([422, [{ pointer: '', ...(line !== null && { line }) }]]);
  expect(body.detail).toContain(says);
  expect((await api.call('GET', '/calendars/bad')).status).toBe(404);
});

test('a text over five megabytes is refused, and one just below is read', async () => {
  const filler = (bytes: number) => `X-FILLER:${'x'.repeat(bytes)}`;
  const near = ics('UID:1|DTSTART;VALUE=DATE:20270101').replace('BEGIN:VEVENT', `${filler(5 * 1024 * 1024 - 300)}\r\nBEGIN:VEVENT`);
  expect((await upload('name=large&dry_run=true', near)).status).toBe(200);
  expect((await upload('name=large', near + filler(400))).status).toBe(413);
});

test('a calendar in use stays, and the answer names who uses it; what nobody knows is no calendar', async () => {
  await add('name: used\nentries: [sun]\n');
  expect((await api.call('POST', '/calendars/used/refresh')).status).toBe(409);
  await schedule('user-1', 'used', 'only');
  await api.call('POST', '/targets', {
    body: { name: 'windowed', host: '10.0.0.1', maintenance: ['calendar:used', 'sat 22:00-sun 04:00'] },
  });
  const refused = await api.call('DELETE', '/calendars/used');
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('schedule user-1, target windowed')]);
  const unknown = await api.call('POST', '/schedules', {
    body: 'name: lost\njob: quick\ncron: 0 9 * * *\ncalendars: [{ name: usd, use: block }]\n',
  });
  expect([unknown.status, unknown.body.problems]).toMatchObject([
    422,
    [{ pointer: '/calendars/0/name', message: expect.stringContaining('did you mean "used"?') }],
  ]);
  const target = (maintenance: readonly string[]) =>
    api.call<Problems>('POST', '/targets', { body: { name: 'odd', host: '10.0.0.1', maintenance } });
  expect([(await target(['calendar:usd'])).body.problems, (await target(['sonday'])).body.problems]).toMatchObject([
    [{ pointer: '/maintenance/0' }],
    [{ pointer: '/maintenance/0' }],
  ]);
  await api.call('DELETE', '/schedules/user-1', { headers: { 'if-match': '*' } });
  await api.call('DELETE', '/targets/windowed');
  expect((await api.call('DELETE', '/calendars/used')).status).toBe(204);
});

test('a schedule is not saved with a calendar that was deleted since it was looked at', async () => {
  const definition = { name: 'late', job: 'quick', cron: '0 9 * * *', calendars: [{ name: 'gone', use: 'block' as const }] };
  const checked = { source: '', format: 'json' as const, definition, nextAt: null };
  const saved = saveSchedule(api.database.sql, 'default', checked, null, { actor: 'ann', request_id: null });
  await expect(saved).rejects.toThrow('there is no calendar "gone"');
  expect((await api.call('GET', '/schedules/late')).status).toBe(404);
});

test('whoever may only read sees calendars and changes none', async () => {
  const token = api.tokens.operator;
  expect((await api.call('GET', '/calendars', { token })).status).toBe(200);
  expect((await api.call('POST', '/calendars', { token, body: 'name: mine\n' })).status).toBe(403);
  expect((await upload('name=mine', ics(), token)).status).toBe(403);
  expect((await api.call('POST', '/calendars/used/refresh', { token })).status).toBe(403);
});
