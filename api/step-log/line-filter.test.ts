import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeLines, type LogLine, unpackChunk } from '#db/log-chunk.ts';
import { withoutEscapes } from '#jobs/escapes.ts';
import { finderOf, type LineFilter, mayHold } from './line-filter.ts';

const line = (text: string, also: Partial<LogLine> = {}): LogLine => ({ at: 0, stream: 'stdout', level: 'info', text, ...also });
const find = (lines: readonly LogLine[], filter: Partial<LineFilter>, first = 1) =>
  finderOf({ regexp: false, match_case: false, ...filter })(unpackChunk(encodeLines(lines).data), first);

test('a text is found wherever a reader sees it, in any case unless asked otherwise', () => {
  const lines = ['Error: no', 'an error', 'fine', '\u001b[31mer\u001b[0mror'].map((text) => line(text));
  expect(find(lines, { text: 'error' })).toEqual([0, 1, 3]);
  expect(find(lines, { text: 'error', match_case: true })).toEqual([1, 3]);
  expect(find(lines, { text: '[31m' })).toEqual([]);
});

test('what is written with escapes in JSON is no text of the line', () => {
  const lines = ['a "quoted" word', 'back\\slash', 'tab\tbing', 'u001b'].map((text) => line(text));
  expect(find(lines, { text: '"quoted"' })).toEqual([0]);
  expect(find(lines, { text: '\\' })).toEqual([1]);
  expect(find(lines, { text: 'tbing' })).toEqual([]);
  expect(find(lines, { text: 'u001b' })).toEqual([3]);
});

test('a pattern is RE2, and refused when it is not', () => {
  const lines = ['took 12 ms', 'took no time', 'TOOK 7 ms'].map((text) => line(text));
  expect(find(lines, { text: '^took \\d+', regexp: true })).toEqual([0, 2]);
  expect(find(lines, { text: '^took \\d+', regexp: true, match_case: true })).toEqual([0]);
  expect(() => find(lines, { text: '(', regexp: true })).toThrow('missing closing )');
  expect(() => find(lines, { text: '(a)\\1', regexp: true })).toThrow();
});

test('streams, levels and line numbers narrow what is meant', () => {
  const lines = [line('a'), line('b', { stream: 'stderr', level: 'error' }), line('c', { stream: 'system', level: 'warn' })];
  expect(find(lines, { streams: ['stderr', 'system'] })).toEqual([1, 2]);
  expect(find(lines, { level: 'warn' })).toEqual([1, 2]);
  expect(find(lines, { level: 'warn', streams: ['stderr'] })).toEqual([1]);
  expect(find(lines, { from_line: 101, to_line: 101 }, 100)).toEqual([1]);
});

test('chunks of another attempt or beyond the lines asked for need no look', () => {
  const chunk = { first_line: 100, line_count: 10, attempt: 2 };
  const filter = { regexp: false, match_case: false };
  expect(mayHold({ ...filter, attempt: 2, from_line: 109, to_line: 500 }, chunk)).toBe(true);
  expect(mayHold({ ...filter, attempt: 1 }, chunk)).toBe(false);
  expect(mayHold({ ...filter, from_line: 110 }, chunk)).toBe(false);
  expect(mayHold({ ...filter, to_line: 99 }, chunk)).toBe(false);
});

test('as many lines are found as hold the text, whatever they hold besides', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', '"', '\\', 't', '\t', '\u001b', '[', 'm', 'é', '漢', '😀', '\ud800') });
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1 }),
      fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\', 't', 'é', '漢'), minLength: 1 }),
      (texts, wanted) => {
        const meant = texts.flatMap((one, at) => (withoutEscapes(one.toLowerCase()).includes(wanted) ? [at] : []));
        expect(
          find(
            texts.map((one) => line(one)),
            { text: wanted },
          ),
        ).toEqual(meant);
      },
    ),
  );
});
