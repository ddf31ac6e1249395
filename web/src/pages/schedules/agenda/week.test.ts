import { expect, test } from 'vitest';
import type { AgendaHour } from './views.ts';
import { dayAfter, hoursOf, isDay, mondayOf, sumsOf, weekRows } from './week.ts';

const hour = (local: string, from: string): AgendaHour => ({
  from,
  to: new Date(Date.parse(from) + 3_600_000).toISOString(),
  local,
  counts: { planned: 1 },
});
const october = Array.from({ length: 25 }, (_, at) => {
  const from = Date.parse('2026-10-24T22:00:00Z') + at * 3_600_000;
  const offset = from < Date.parse('2026-10-25T01:00:00Z') ? 2 : 1;
  return hour(`${new Date(from + offset * 3_600_000).toISOString().slice(0, 19)}+0${offset}:00`, new Date(from).toISOString());
});

test('a week begins on its Monday, and days are those of the wall', () => {
  expect([mondayOf('2026-11-22'), mondayOf('2026-11-23'), dayAfter('2027-02-28', 1)]).toEqual(['2026-11-16', '2026-11-23', '2027-03-01']);
  expect(['2027-02-29', 'today', '2027-3-1'].map(isDay)).toEqual([false, false, false]);
});

test('a day with an hour twice has a row more, which other days do not have', () => {
  const rows = weekRows([...october, hour('2026-10-26T02:00:00+01:00', '2026-10-26T01:00:00Z')]);
  expect(rows.slice(1, 5).map(({ hour: at, again }) => `${at}${again ? ' again' : ''}`)).toEqual(['01', '02', '02 again', '03']);
  expect(rows[3]?.cells.has('2026-10-26')).toBe(false);
  expect(rows[2]?.cells.get('2026-10-25')?.local).toBe('2026-10-25T02:00:00+02:00');
  expect(hoursOf(october, '2026-10-25')).toBe(25);
});

test('what is to come is told apart from what came to be and what did not', () => {
  expect(sumsOf({ counts: { planned: 3, due: 1, delayed: 2, started: 4, missed: 1, left_out: 5 } })).toEqual({
    ahead: 6,
    started: 4,
    missed: 1,
    paused: 0,
    left_out: 5,
  });
  expect(sumsOf({ counts: null })).toEqual({ ahead: 0, started: 0, missed: 0, paused: 0, left_out: 0 });
});
