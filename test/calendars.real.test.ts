import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { twinIdOf } from '#jobs/schedules/twin-id.ts';
import { type Answer, eventually } from './api-client.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
/** Two that start something every ten seconds, while the other tests go on. */
let beat: string;
let witness: string;
beforeAll(async () => {
  stack = await startStack();
  await stack.as.job({ name: 'quick', steps: [{ id: 'say', type: 'local.exec', config: { command: 'true' } }] });
  await upload('quiet', ics(wholeDay(9)));
  beat = await schedule({ name: 'beat', every: '10s', calendars: [{ name: 'quiet', use: 'block' }] });
  witness = await schedule({ name: 'witness', every: '10s' });
});
afterAll(() => stack?.stop());

const DAY = 86_400_000;
const today = Math.floor(Date.now() / DAY) * DAY;
const day = (n: number) => new Date(today + n * DAY).toISOString().slice(0, 10);
const compact = (text: string) => text.replaceAll(/[-:]|\.\d{3}/g, '');
const ics = (...events: readonly string[]) =>
  [
    'BEGIN:VCALENDAR',
    ...events.flatMap((event, n) => ['BEGIN:VEVENT', `UID:${n}`, ...event.split('|'), 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n');
const wholeDay = (n: number) => `DTSTART;VALUE=DATE:${compact(day(n))}`;

async function upload(name: string, text: string): Promise<JsonObject> {
  const headers = { authorization: `Bearer ${stack.token}`, 'content-type': 'text/calendar' };
  const answer = await fetch(`${stack.url}/api/v1/calendars/import?name=${name}`, { method: 'POST', headers, body: text });
  expect([200, 201]).toContain(answer.status);
  return (await answer.json()) as JsonObject;
}

async function schedule(fields: object): Promise<string> {
  const { status, body } = await stack.as.call('POST', '/schedules', { job: 'quick', ...fields });
  expect([status, body]).toMatchObject([201, {}]);
  return String(body.id);
}
const isArmed = ({ plan }: JsonObject) => (plan as JsonObject).is_armed === true;
const armed = (name: string) => eventually(async () => (await stack.as.call('GET', `/schedules/${name}`)).body, isArmed, 20_000);

test('an imported .ics takes its starts out of the agenda and out of what Temporal will start, and a next one brings them back', async () => {
  await upload('freeze', ics(wholeDay(3)));
  const id = await schedule({ name: 'hourly', cron: '0 * * * *', timezone: 'Asia/Tokyo', calendars: [{ name: 'freeze', use: 'block' }] });
  await armed('hourly');
  const [from, to] = [today + 2 * DAY, today + 5 * DAY];
  /** The days in Tokyo on which something starts, with how often. */
  const daysOf = (moments: readonly number[]) => {
    const counts = new Map<string, number>();
    for (const moment of moments) {
      const local = new Date(moment + 9 * 3_600_000).toISOString().slice(0, 10);
      counts.set(local, (counts.get(local) ?? 0) + 1);
    }
    return Object.fromEntries(counts);
  };
  const real = async () => {
    const times = await stack.temporal.workflowService.listScheduleMatchingTimes({
      namespace: stack.namespace,
      scheduleId: twinIdOf(id),
      // Neither of the two is part of it.
      startTime: { seconds: (Math.floor(from / 1000) - 1) as never },
      endTime: { seconds: (Math.floor(to / 1000) - 1) as never },
    });
    return daysOf(times.startTime.map((time) => tsToMs(time)));
  };
  const shown = async () => {
    const query = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&schedule=hourly&state=planned&limit=200`;
    const { body } = await stack.as.call('GET', `/schedules/agenda?${query}`);
    return daysOf((body.items as readonly { at: string }[]).map(({ at }) => Date.parse(at)));
  };
  const without = { [day(2)]: 15, [day(4)]: 24, [day(5)]: 9 };
  expect([await real(), await shown()]).toEqual([without, without]);
  const saved = await upload('freeze', ics(wholeDay(4)));
  expect(saved.effects).toMatchObject({ removed: 24, added: 24, moved: 0 });
  await armed('hourly');
  const then = { [day(2)]: 15, [day(3)]: 24, [day(5)]: 9 };
  expect([await real(), await shown()]).toEqual([then, then]);
});

describe('a calendar that is read from an address', () => {
  let server: Server;
  let url: string;
  let made: Answer;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const asked: (string | undefined)[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.headers['if-none-match']);
      answer(request, response);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/holidays.ics`;
    serve(ics(wholeDay(3)), '"one"');
    made = await stack.as.call('POST', '/calendars', { name: 'elsewhere', ical: { url, refresh: '1h' } });
  });
  afterAll(() => server?.close());

  const serve = (text: string, tag: string) => {
    answer = (request, response) => {
      if (request.headers['if-none-match'] === tag) response.writeHead(304).end();
      else response.writeHead(200, { 'content-type': 'text/calendar', etag: tag }).end(text);
    };
  };
  const due = () => stack.database.sql`update calendar_feeds set due_at = now() where url is not null`;
  const feed = async () => (await stack.as.call('GET', '/calendars/elsewhere')).body.feed as JsonObject;
  const untilFeed = (is: (feed: JsonObject) => boolean) => eventually(feed, is, 30_000);

  test('is read before it is saved, again when it is due, and only when it has changed; its schedules are planned anew then', async () => {
    expect([made.status, made.body]).toMatchObject([201, { feed: { url, refresh_ms: 3_600_000, events: 1, instances: 1, problem: null } }]);
    await schedule({ name: 'daily', cron: '0 9 * * *', calendars: [{ name: 'elsewhere', use: 'block' }] });
    await armed('daily');
    const { tried_at } = await feed();
    expect((await stack.as.call('POST', '/calendars/elsewhere/refresh')).status).toBe(202);
    await untilFeed((now) => now.tried_at !== tried_at);
    expect(asked.at(-1)).toBe('"one"');
    serve(ics(wholeDay(3), wholeDay(4)), '"two"');
    await due();
    expect(await untilFeed(({ instances }) => instances === 2)).toMatchObject({ events: 2, problem: null });
    const items = async () =>
      (await stack.as.call('GET', `/schedules/agenda?from=${day(2)}&to=${day(6)}&schedule=daily&state=planned`)).body
        .items as readonly object[];
    expect(await items()).toMatchObject([{ at: `${day(2)}T09:00:00.000Z` }, { at: `${day(5)}T09:00:00.000Z` }]);
  });

  test('keeps its last good text when it cannot be read, says why, and alarms when that goes on', async () => {
    const { instances } = await feed();
    answer = (_, response) => response.writeHead(500).end();
    await due();
    expect(await untilFeed(({ attempts }) => attempts === 1)).toMatchObject({
      instances,
      problem: expect.stringContaining('answered 500'),
      alarm: null,
    });
    serve('<html>', '"three"');
    await due();
    expect(await untilFeed(({ attempts }) => attempts === 2)).toMatchObject({ instances, problem: expect.stringContaining('line 1:') });
    await due();
    expect(await untilFeed(({ attempts }) => attempts === 3)).toMatchObject({
      instances,
      alarm: expect.stringContaining('3 times in a row'),
    });
    serve(ics(wholeDay(3), wholeDay(4), wholeDay(5)), '"four"');
    await due();
    expect(await untilFeed(({ attempts }) => attempts === 0)).toMatchObject({ instances: 3, problem: null, alarm: null });
  });

  test('whose events stay the same moves nothing, whatever else of it changes; what other zone data make of it does', async () => {
    const { sql } = stack.database;
    const told = async () => (await sql`select 1 from schedules where name = 'daily' and live_since > ${since}`).length > 0;
    let since = new Date().toISOString();
    serve(ics(wholeDay(3), wholeDay(4), `${wholeDay(5)}|DTSTAMP:20260101T000000Z`), '"five"');
    const { hash } = await feed();
    await due();
    await untilFeed((now) => now.hash !== hash);
    expect(await told()).toBe(false);
    since = new Date().toISOString();
    const other = JSON.stringify([[day(3), day(4)]]);
    await sql`update calendar_feeds set zone_data = '2000a', instances = ${other}::text::jsonb where url is not null`;
    expect(await untilFeed(({ instances }) => instances === 3)).toMatchObject({ events: 3 });
    expect(await told()).toBe(true);
  });

  test('is known as far ahead as ever while it cannot be read', async () => {
    answer = (_, response) => response.writeHead(500).end();
    await stack.database.sql`
      update calendar_feeds set expanded_to = now() + interval '10 days', instances = '[]', due_at = now() where url is not null`;
    const found = await untilFeed(({ attempts }) => attempts === 1);
    expect(found).toMatchObject({ instances: 3, problem: expect.stringContaining('answered 500') });
    expect(Date.parse(String(found.expanded_to))).toBeGreaterThan(today + 700 * DAY);
  });

  test.each([
    ['http://169.254.169.254/latest/meta-data', 'link-local'],
    ['http://10.1.2.3/a.ics', 'worker.http_allow does not name it'],
  ])('is never read from %s', async (address, says) => {
    const { status, body } = await stack.as.call('POST', '/calendars', { name: 'inside', ical: { url: address } });
    expect([status, body.problems]).toMatchObject([422, [{ pointer: '/ical/url', message: expect.stringContaining(says) }]]);
    expect((await stack.as.call('GET', '/calendars/inside')).status).toBe(404);
  });
});

test('a schedule that starts something every ten seconds starts nothing more once an imported event has begun', async () => {
  const startsOf = async (of: string) => {
    const rows = await stack.database.sql<{ at: string }[]>`
      select nominal_at as at from schedule_fires where schedule_id = ${of} and run is not null order by nominal_at`;
    return rows.map(({ at }) => Date.parse(at));
  };
  await eventually(
    () => startsOf(beat),
    (starts) => starts.length > 0,
    30_000,
  );
  const from = Date.now();
  const stamp = (moment: number) => compact(new Date(moment).toISOString());
  await upload('quiet', ics(`DTSTART:${stamp(from - 1_000)}|DTEND:${stamp(from + 3_600_000)}`));
  await eventually(
    () => startsOf(witness),
    (starts) => starts.filter((at) => at > from).length > 1,
    40_000,
  );
  expect((await startsOf(beat)).filter((at) => at > from)).toEqual([]);
});
