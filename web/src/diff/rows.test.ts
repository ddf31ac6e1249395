import { expect, test } from 'vitest';
import { diffLines } from '#jobs/diff/diff-lines.ts';
import { changedParts, countsOf, splitRows, unifiedRows } from './rows.ts';

const before = 'a\nport: 22\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nlast';
const after = 'a\nport: 2222\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nlast\nnew';

const linesOf = (rows: ReturnType<typeof splitRows>) =>
  rows.map((row) =>
    'gap' in row
      ? `@${row.gap}`
      : `${row.before?.number ?? ''}${row.before?.kind ?? ''}|${row.after?.number ?? ''}${row.after?.kind ?? ''}`,
  );

test('side by side, what was removed stands beside what took its place', () => {
  expect(linesOf(splitRows(diffLines(before, after)))).toEqual([
    '@1',
    '1 |1 ',
    '2-|2+',
    '3 |3 ',
    '4 |4 ',
    '5 |5 ',
    '@11',
    '11 |11 ',
    '12 |12 ',
    '13 |13 ',
    '|14+',
  ]);
});

test('one below the other, what was removed comes before what was added', () => {
  expect(linesOf(unifiedRows(diffLines('x\ny', 'p\nq')))).toEqual(['@1', '1-|', '2-|', '|1+', '|2+']);
});

test('a changed line names the part that changed, unless little of it stayed', () => {
  expect(changedParts('port: 22', 'port: 2222')).toEqual([
    [8, 8],
    [8, 10],
  ]);
  expect(changedParts('  alpha', '  beeta!')).toBeNull();
});

test('added and removed lines are counted', () => {
  expect(countsOf(diffLines(before, after))).toEqual({ added: 2, removed: 1 });
});
