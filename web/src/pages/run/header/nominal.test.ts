import { expect, test } from 'vitest';
import { nominalText } from './nominal.ts';

test.each([
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25 02:30 CEST (1st)'],
  ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25 02:30 CET (2nd)'],
  ['2026-10-25T02:30:00Z', 'Europe/Berlin', '2026-10-25 03:30 CET'],
  ['2026-03-29T01:30:15Z', 'Europe/Berlin', '2026-03-29 03:30:15 CEST'],
  ['2026-04-04T14:45:00Z', 'Australia/Lord_Howe', '2026-04-05 01:45 LHDT (1st)'],
  ['soon', 'UTC', 'soon'],
])('%s in %s is shown as %s', (at, zone, words) => {
  expect(nominalText(at, zone)).toBe(words);
});
