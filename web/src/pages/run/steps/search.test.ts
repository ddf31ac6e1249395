import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type StepsSearch, stepsSearch } from './search.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((one) => one.isWellFormed());
const shown: fc.Arbitrary<StepsSearch> = fc.record({
  step: text,
  attempt: fc.option(fc.integer({ min: 1, max: 1000 })),
  problems: fc.boolean(),
  filter: text,
  zoom: fc.option(fc.tuple(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 })).map(([from, long]) => ({ from, to: from + long }))),
  squeeze: fc.boolean(),
  table: fc.boolean(),
  tag: text,
});

test('what is shown comes back from the address that was made of it', () => {
  fc.assert(
    fc.property(shown, (value) => {
      expect(stepsSearch.parse(`?${stepsSearch.write(value)}`)).toEqual({ value, dropped: [] });
    }),
  );
});

test.each(['attempt=0', 'attempt=first', 'problems=yes', 'zoom=9-3', 'zoom=-', 'squeeze=1'])('%s says nothing and is told of', (search) => {
  expect(stepsSearch.parse(`?${search}`)).toEqual({ value: stepsSearch.absent, dropped: [search] });
});
