import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { InvalidInput } from '#jobs/problem.ts';
import { candidates } from '#jobs/recurrence/candidates.ts';
import { differences, SAME } from '#jobs/recurrence/expanded.fixture.ts';
import { HARD_CASES, HARD_ZONES } from '#jobs/recurrence/hard-cases.fixture.ts';
import { nextStarts } from '#jobs/recurrence/next.ts';
import { utcPlan } from '#jobs/recurrence/utc-plan.ts';
import type { Span, UsedCalendar } from '#jobs/recurrence/wanted.ts';
import { type CalendarRule, SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { readSchedule } from '#jobs/schedules/read-schedule.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import type { Zone } from '#jobs/zones/zone.ts';
import { putTwin } from '#platform/temporal/schedule-twin.ts';
import { zoneData } from '#platform/zone-data.ts';
import { askStarts, type RecurrenceQuestion } from './peers/python-recurrence.ts';
import { pythonZoneinfoMissing } from './peers/python-zoneinfo.ts';

const DAY = 86_400_000;
const FROM = Math.ceil(Date.now() / DAY) * DAY;
/** Twenty-four months. */
const SPAN: Span = { from: FROM, to: FROM + 731 * DAY };

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
  const namespace = `t_${randomBytes(6).toString('hex')}`;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1d') });
  client = new Client({ connection, namespace });
});
afterAll(() => connection.close());

interface Case {
  readonly id: string;
  readonly when: Partial<ScheduleDefinition>;
  readonly zone: Zone;
}

const CASES: readonly Case[] = HARD_ZONES.flatMap((name) =>
  HARD_CASES.map((when, at) => ({ id: `${name}-${at}`, when, zone: zoneData().zone(name) as Zone })),
);

const rule = ({ when }: Case) => ruleOf({ name: 'one', job: 'one', ...when });

/** What starts within a span by our own reckoning, in seconds. */
const ours = (one: Case, span: Span, calendars: readonly UsedCalendar[] = []): readonly number[] =>
  [...candidates(rule(one), one.zone, span, calendars)].flatMap(({ at, reason }) => (reason === null ? [at / 1000] : []));

/** Tells the server of a case as the product does; nothing starts, since it is paused. */
const tell = (one: Case, jitterMs = 0, calendars: readonly UsedCalendar[] = []) =>
  putTwin(client, {
    id: one.id,
    plan: utcPlan(rule(one), one.zone, SPAN, calendars),
    jitterMs,
    overlap: 'skip',
    catchupMs: 600_000,
    paused: true,
    note: '',
    memo: {},
    action: { workflowType: 'nobody', taskQueue: 'nobody', args: [], memo: {}, summary: '', priority: 5 },
  });

/** The server lists so many at once. */
const PAGE = 1000;

/** What the server starts within a span, in milliseconds, asked page by page. */
async function served(id: string, { from, to }: Span): Promise<readonly number[]> {
  const found: number[] = [];
  for (let after = from - 1; ; ) {
    const { startTime = [] } = await client.workflowService.listScheduleMatchingTimes({
      namespace: client.options.namespace,
      scheduleId: id,
      startTime: msToTs(after),
      endTime: msToTs(to - 1),
    });
    const page = (startTime ?? []).map((time) => tsToMs(time));
    found.push(...page);
    if (page.length < PAGE) return found;
    after = page.at(-1) ?? to;
  }
}

/** A few at a time. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: 6 }, next));
}

const inSeconds = (moments: readonly number[]): readonly number[] => moments.map((at) => at / 1000);

/** What starts many times a day is compared whole in one zone, and in the others for a month about each change of the clocks. */
function spansOf(one: Case): readonly Span[] {
  const isDense = ours(one, { from: SPAN.from, to: SPAN.from + 7 * DAY }).length > 7 * 8;
  if (!isDense || one.zone.name === 'Europe/Berlin') return [SPAN];
  return one.zone.transitions(SPAN.from, SPAN.to).map(({ at }) => ({ from: at - 15 * DAY, to: at + 15 * DAY }));
}

test('the live server starts just what is meant, over 24 months, from whichever moment it is asked', { timeout: 300_000 }, async () => {
  let compared = 0;
  await each(CASES, async (one) => {
    await tell(one);
    for (const span of spansOf(one)) {
      const listed = inSeconds(await served(one.id, span));
      compared += listed.length;
      expect([one.id, span.from, differences(listed, ours(one, span))]).toEqual([one.id, span.from, SAME]);
    }

    const from = Math.floor(SPAN.from + Math.random() * 600 * DAY);
    const some = { from, to: from + 20 * DAY };
    expect([one.id, from, differences(inSeconds(await served(one.id, some)), ours(one, some))]).toEqual([one.id, from, SAME]);
  });
  expect(compared).toBeGreaterThan(100_000);
});

test('with jitter it starts as often, each within its jitter; and told again without, as before', { timeout: 120_000 }, async () => {
  const some = CASES.filter(({ when }) => ['0 1 * * *', '15,45 0-2 * * *', '0 0 * * sun'].includes(when.cron ?? ''));
  const span = { from: SPAN.from, to: SPAN.from + 400 * DAY };
  await each(some, async (one) => {
    const wanted = ours(one, span);
    await tell(one, 900_000);
    const jittered = await served(one.id, { from: span.from, to: span.to + 900_000 });
    const late = wanted.map((at, place) => (jittered[place] ?? Number.NaN) - at * 1000);
    expect([one.id, late.filter((ms) => !(ms >= 0 && ms <= 900_000))]).toEqual([one.id, []]);
    expect(late.some((ms) => ms > 0)).toBe(true);
    await tell(one);
    expect([one.id, differences(inSeconds(await served(one.id, span)), wanted)]).toEqual([one.id, SAME]);
  });
});

test('every minute through both changes of the clocks, and elapsed time that calendars close and defer', { timeout: 120_000 }, async () => {
  const zone = zoneData().zone('Europe/Berlin') as Zone;
  const minutely: Case = { id: 'minutely', when: { cron: '* * * * *' }, zone };
  await tell(minutely);
  for (const { at } of zone.transitions(SPAN.from, SPAN.to)) {
    const span = { from: at - 3 * 3_600_000, to: at + 5 * 3_600_000 };
    expect(differences(inSeconds(await served('minutely', span)), ours(minutely, span))).toEqual(SAME);
  }

  const elapsed: Case = { id: 'elapsed', when: { every: '97s', anchor: '2026-01-01T00:00:11Z' }, zone };
  const spans = (first: number, length: number, every: number) =>
    Array.from({ length: 40 }, (_, at) => ({ from: FROM + (at * every + first) * 1000, to: FROM + (at * every + first + length) * 1000 }));
  const calendars: readonly UsedCalendar[] = [
    { name: 'nights', use: 'defer', spans: spans(3_600, 7_507, 20_000) },
    { name: 'freeze', use: 'block', spans: spans(11_003, 2_400, 20_000) },
  ];
  await tell(elapsed, 0, calendars);
  const span = { from: FROM, to: FROM + 9 * DAY };
  expect(differences(inSeconds(await served('elapsed', span)), ours(elapsed, span, calendars))).toEqual(SAME);
});

test('a cron text that is taken means in UTC what the server reads in it', { timeout: 120_000 }, async () => {
  const part = (low: number, high: number, names: readonly string[]) => {
    const number = fc.integer({ min: low, max: high }).map(String);
    const one = names.length > 0 ? fc.oneof(number, fc.constantFrom(...names)) : number;
    const range = fc.oneof(
      fc.constant('*'),
      one,
      fc.tuple(one, one).map((both) => both.join('-')),
    );
    const step = fc.tuple(range, fc.integer({ min: 1, max: high + 3 })).map((both) => both.join('/'));
    const field = fc.array(fc.oneof(range, step), { minLength: 1, maxLength: 3 }).map((all) => all.join(','));
    return fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, { weight: 2, arbitrary: field });
  };
  const months = ['jan', 'Feb', 'march', 'SEPT', 'dec'];
  const days = ['su', 'MON', 'tues', 'Thurs', 'saturday'];
  const texts = fc
    .sample(fc.tuple(part(0, 59, []), part(0, 23, []), part(1, 31, []), part(1, 12, months), part(0, 7, days)), {
      numRuns: 60,
      seed: Date.now(),
    })
    .map((fields) => fields.join(' '))
    // The server drops the Sunday of such a range, written out or as all days from Monday on.
    .filter((text) => !/(1|mon)(-7(\/1)?|\/1)(,|$)/i.test(text));
  const taken = texts.filter((cron) => isTaken(cron));
  expect(taken.length).toBeGreaterThan(10);
  await each([...taken.entries()], async ([at, cron]) => {
    await client.schedule.create({
      scheduleId: `cron-${at}`,
      spec: { cronExpressions: [cron] },
      action: { type: 'startWorkflow', workflowType: 'nobody', taskQueue: 'nobody' },
      state: { paused: true },
    });
    const { startTime } = await client.workflowService.listScheduleMatchingTimes({
      namespace: client.options.namespace,
      scheduleId: `cron-${at}`,
      startTime: msToTs(SPAN.from - 1),
      endTime: msToTs(SPAN.from + 20 * 366 * DAY),
    });
    const theirs = (startTime ?? []).map((time) => tsToMs(time));
    const utc = zoneData().zone('UTC') as Zone;
    const our = nextStarts(ruleOf({ name: 'one', job: 'one', cron }), utc, SPAN.from - 1, theirs.length);
    expect([cron, differences(inSeconds(our.map((one) => one.at)), inSeconds(theirs))]).toEqual([cron, SAME]);
  });
});

/** Whether a cron text may be saved. */
function isTaken(cron: string): boolean {
  try {
    return readSchedule(`name: one\njob: one\ncron: "${cron}"`, zoneData(), Date.now()).definition.cron === cron;
  } catch (error) {
    if (error instanceof InvalidInput) return false;
    throw error;
  }
}

test.skipIf(pythonZoneinfoMissing !== null)('Python finds the same 24 months minute by minute', { timeout: 240_000 }, () => {
  const seconds = { begin: SPAN.from / 1000, until: SPAN.to / 1000, from: SPAN.from / 1000, to: SPAN.to / 1000 };
  // All minutes of the cases are multiples of five, and so are those of the clocks that change.
  const questions = CASES.map(
    ({ when, zone }): RecurrenceQuestion => ({
      ...seconds,
      zone: zone.name,
      step: 5,
      rules: when.calendar === undefined ? [when as { readonly cron: string }] : ([when.calendar].flat() as CalendarRule[]),
      gap: when.dst?.gap ?? SCHEDULE_DEFAULTS.gap,
      fold: when.dst?.fold ?? SCHEDULE_DEFAULTS.fold,
    }),
  );
  const theirs = askStarts(questions);
  for (const [at, one] of CASES.entries()) {
    expect([one.id, differences(ours(one, SPAN), theirs[at] ?? [])]).toEqual([one.id, SAME]);
  }
});
