import { expect, test } from 'vitest';
import { columnAfter, isInText, wordsOf } from './lines.ts';

const said = (line: string) => wordsOf(line).map(({ from, to, kind }) => `${kind} ${line.slice(from, to)}`);

test.each<readonly [string, readonly string[]]>([
  ['steps:', ['key steps']],
  ['  - id: a # b: c', ['mark -', 'key id', 'comment # b: c']],
  ['# all of it: x', ['comment # all of it: x']],
  ['a: b#c |', ['key a']],
  ["'it''s': \"a: b\" # c", ["key 'it''s'", 'comment # c']],
  ['x: { a: 1, "b":2, c: [ d ] }', ['key x', 'mark {', 'key a', 'mark ,', 'mark ,', 'key c', 'mark [', 'mark ]', 'mark }']],
  ['two words: &a *b', ['key two words', 'mark &a', 'mark *b']],
  ['url: http://x/y:80', ['key url']],
  ['- - -5', ['mark -', 'mark -']],
  ['say: ${{ parameters.site }} now', ['key say', 'mark {', 'mark {', 'mark }', 'mark }']],
])('%j has %j', (line, words) => {
  expect(said(line)).toEqual(words);
});

test('lines below a mark for text are no keys, until a line stands as far left as their key', () => {
  const lines = ['steps:', '  - run: |', '      a: 1', '', '      # no comment', '    other: x', '  - >-', '    b: 2', 'c: d | e'];
  const inText = lines.map((line, at) => isInText(line, lines.slice(0, at).toReversed()));
  expect(lines.filter((line, at) => inText[at] && line !== '')).toEqual(['      a: 1', '      # no comment', '    b: 2']);
});

test.each<readonly [string, number]>([
  ['steps:', 2],
  ['  - id: a', 4],
  ['    needs:', 6],
  ['      - a', 6],
  ['    run: | # text', 6],
  ['  plain words', 2],
])('what follows %j begins at column %i', (line, column) => {
  expect(columnAfter(line, 2)).toBe(column);
});
