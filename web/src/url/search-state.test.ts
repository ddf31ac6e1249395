import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flag, searchState, text, whole, word, words } from './search-state.ts';

const STATUSES = ['queued', 'failed', 'lost'] as const;
const SORTS = ['newest', 'oldest'] as const;
const state = searchState({
  status: words(STATUSES),
  job: text(60),
  sort: word(SORTS, 'newest'),
  line: whole(1, 1_000_000),
  only: flag(),
});

const values = fc.record({
  status: fc.subarray([...STATUSES]),
  job: fc.string({ maxLength: 60, unit: 'grapheme' }).filter((one) => one.length <= 60),
  sort: fc.constantFrom(...SORTS),
  line: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
  only: fc.boolean(),
});

test('any state written into the query string is read back unchanged', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(state.parse(`?${state.write(value)}`)).toEqual({ value, dropped: [] });
    }),
  );
});

test('two states never share a query string', () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      expect(state.write(one) === state.write(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});

test('no query string whatever breaks the reading, and what is read has one spelling', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...state.names, 'other'), fc.string({ unit: 'binary' }))), (given) => {
      const { value } = state.parse(new URLSearchParams(given).toString());
      expect(state.parse(state.write(value))).toEqual({ value, dropped: [] });
    }),
  );
});

test('what nobody knows is dropped and named, the rest stays', () => {
  expect(state.parse('?status=failed,exploded&sort=sideways&line=0&only=yes&job=x')).toEqual({
    value: { ...state.absent, status: ['failed'], job: 'x' },
    dropped: ['status=exploded', 'sort=sideways', 'line=0', 'only=yes'],
  });
});

test('an overlong text is dropped and named, cut short', () => {
  expect(state.parse(`?job=${'x'.repeat(61)}`)).toEqual({ value: state.absent, dropped: [`job=${'x'.repeat(40)}…`] });
});

test('the query string stays readable', () => {
  expect(state.write({ ...state.absent, status: ['failed', 'lost'], job: 'edge-*' })).toBe('status=failed,lost&job=edge-*');
});

test('half a surrogate pair is replaced, as addresses cannot hold it', () => {
  expect(state.parse(state.write({ ...state.absent, job: 'a\ud800b' })).value.job).toBe('a\ufffdb');
});
