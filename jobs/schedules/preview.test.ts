import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { candidates } from '../recurrence/candidates.ts';
import type { ScheduleDefinition } from './definition.ts';
import { previewOf, spacingOf } from './preview.ts';
import { ruleOf } from './rule.ts';

const zoneOf = (name: string) => {
  const zone = zoneData().zone(name);
  if (!zone) throw new Error(`no zone ${name}`);
  return zone;
};
const berlin = zoneOf('Europe/Berlin');
const rule = (part: Partial<ScheduleDefinition>) => ruleOf({ name: 'a', job: 'b', timezone: 'Europe/Berlin', ...part });
const from = Date.parse('2027-03-27T00:00:00Z');
const asked = { span: { from, to: from + 400 * 86_400_000 }, count: 3, startsOnly: false, viewer: zoneOf('Asia/Kolkata') };

test('a time that the clocks leave out is shown where it is moved to, with what the wall was to show and with the clocks of whoever looks', () => {
  const { moments, more } = previewOf(rule({ cron: '30 2 * * *' }), berlin, asked, []);
  expect(more).toBe(true);
  expect(
    moments.map(({ wall, local, viewer, marks }) => [wall, local.time, local.abbreviation, viewer?.time, viewer?.abbreviation, marks]),
  ).toEqual([
    ['2027-03-27T02:30', '2027-03-27T02:30:00+01:00', 'CET', '2027-03-27T07:00:00+05:30', 'IST', []],
    ['2027-03-28T02:30', '2027-03-28T03:30:00+02:00', 'CEST', '2027-03-28T07:00:00+05:30', 'IST', ['shifted']],
    ['2027-03-29T02:30', '2027-03-29T02:30:00+02:00', 'CEST', '2027-03-29T06:00:00+05:30', 'IST', []],
  ]);
});

test('what does not start says why, or is left out where only starts are asked for', () => {
  const dropped = rule({ cron: '30 2 28 3 *', dst: { gap: 'skip' } });
  expect(previewOf(dropped, berlin, asked, []).moments).toMatchObject([
    { marks: ['gap-skipped'], reason: 'dst' },
    { wall: '2028-03-28T02:30', reason: null },
  ]);
  expect(previewOf(dropped, berlin, { ...asked, startsOnly: true }, []).moments).toMatchObject([{ wall: '2028-03-28T02:30' }]);
});

test('a preview is what the rule means, in order and no more than was asked for', () => {
  for (const cron of ['* * * * *', '*/7 1-3 * * *', '0 0 31 * *', '15 2 * * 0']) {
    const wanted = [...candidates(rule({ cron }), berlin, { from, to: from + 60 * 86_400_000 })].slice(0, 500).map(({ at }) => at);
    const { moments } = previewOf(rule({ cron }), berlin, { ...asked, count: 500 }, []);
    expect(moments.slice(0, wanted.length).map(({ at }) => at)).toEqual(wanted);
    expect(moments.length).toBeLessThanOrEqual(500);
  }
});

test('a rule of which calendars leave nothing is looked at to the end', () => {
  const never = [{ name: 'never', use: 'only' as const, spans: [] }];
  const { moments, more } = previewOf(rule({ cron: '* * * * *' }), berlin, { ...asked, startsOnly: true }, never);
  expect([moments.length, more]).toEqual([0, false]);
});

test('the distances of starts are told where there are two', () => {
  expect(spacingOf([1])).toBeNull();
  expect(spacingOf([0, 10, 15])).toEqual({ shortest: 5, longest: 10 });
});
