import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DURATION_PATTERN, formatDuration, parseDuration } from './duration.ts';

test.each([
  ['500ms', 500],
  ['2s', 2000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
  ['1h30m', 5_400_000],
  ['1d2h3m4s5ms', 93_784_005],
  ['0s', 0],
])('%s is %d milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['soon', '', '5', '5 m', '-1s', '1.5h', 's', '30m1h', '1s1s', '5M', '1w', '１s', '9999999999s', `${'1'.repeat(500)}s`])(
  '%j is refused with how to write it',
  (text) => {
    expect(() => parseDuration(text)).toThrow(/ is not a duration; write 500ms, 2s, 5m or 1h$/);
  },
);

test('everything that parses matches the published pattern', () => {
  const unit = fc.constantFrom('ms', 's', 'm', 'h', 'd', '', ' ', 'x');
  const text = fc.array(fc.tuple(fc.nat(2_000_000_000), unit), { maxLength: 4 }).map((parts) => parts.flat().join(''));
  fc.assert(
    fc.property(text, (written) => {
      const parses = canParse(written);
      if (parses) expect(written).toMatch(new RegExp(DURATION_PATTERN));
    }),
  );
});

const canParse = (text: string): boolean => {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
};

test.each([
  [0, '0 ms'],
  [250, '250 ms'],
  [7000, '7 s'],
  [72_000, '1 m 12 s'],
  [60_000, '1 m'],
  [3_600_000, '1 h'],
  [273_600_000, '3 d 4 h'],
  [86_399_999, '23 h 59 m'],
])('%d milliseconds read as %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});
