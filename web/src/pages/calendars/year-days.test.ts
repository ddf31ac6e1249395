import { expect, test } from 'vitest';
import type { SpanView } from './views.ts';
import { markedDays, weeksOf } from './year-days.ts';

const span = (local_from: string, local_to: string): SpanView => ({
  from: '',
  to: '',
  local_from: `${local_from}:00+01:00`,
  local_to: `${local_to}:00+01:00`,
});

test('whole days are told apart from days of which some hours are taken; the end is no part', () => {
  const marks = markedDays([span('2026-12-24T00:00', '2026-12-27T00:00'), span('2026-12-28T22:00', '2026-12-29T06:00')], 2026);
  expect(Object.fromEntries(marks)).toEqual({
    '2026-12-24': { whole: true, times: ['00:00–24:00'] },
    '2026-12-25': { whole: true, times: ['00:00–24:00'] },
    '2026-12-26': { whole: true, times: ['00:00–24:00'] },
    '2026-12-28': { whole: false, times: ['22:00–24:00'] },
    '2026-12-29': { whole: false, times: ['00:00–06:00'] },
  });
});

test('what reaches over the turn of the year counts in both', () => {
  const over = [span('2026-12-31T18:00', '2027-01-02T00:00')];
  expect([...markedDays(over, 2026).keys()]).toEqual(['2026-12-31']);
  expect([...markedDays(over, 2027).keys()]).toEqual(['2027-01-01']);
});

test('a month is laid out in weeks from Monday', () => {
  const february = weeksOf(2027, 1);
  expect(february).toHaveLength(4);
  expect([february[0]?.[0], february[3]?.[6]]).toEqual(['2027-02-01', '2027-02-28']);
  expect(weeksOf(2026, 10)[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
});
