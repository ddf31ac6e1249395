import { describe, expect, test } from 'vitest';
import { askPython, type PythonQuestion, pythonTextfsmMissing } from '#test/peers/python-textfsm.ts';
import { Random } from '../testing/random.ts';
import { randomPattern, randomText } from '../testing/random-pattern.ts';
import { compilePattern } from './pattern.ts';
import { TooMuchWork } from './run-state.ts';
import { subjectOf } from './subject.ts';

type Spans = readonly (readonly [number, number] | null)[] | null;

const spansOf = (pattern: string, text: string): Spans => compilePattern(pattern).match(subjectOf(text))?.spans ?? null;

test.each<[pattern: string, text: string, spans: Spans]>([
  ['a|ab', 'ab', [[0, 1]]],
  ['(a)|b', 'b', [[0, 1], null]],
  [
    '(?:(a)|b)*',
    'ab',
    [
      [0, 2],
      [0, 1],
    ],
  ], // JavaScript forgets the group in the second round
  [
    '(a*)*',
    'aab',
    [
      [0, 2],
      [2, 2],
    ],
  ], // and takes no empty round
  ['(a)?\\1', 'b', null], // where JavaScript takes a group without part for empty
  [
    '(?P<x>a)(?P=x)',
    'aa',
    [
      [0, 2],
      [0, 1],
    ],
  ],
  ['a++a', 'aaa', null],
  ['(?>a|ab)c', 'abc', null],
  ['a{,2}', 'aaa', [[0, 2]]],
  ['a{,', 'a{,', [[0, 3]]],
  ['x{2}?', 'xxx', [[0, 2]]],
  ['a$', 'a\n', [[0, 1]]],
  ['a\\Z', 'a\n', null],
  ['a.b', 'a\nb', null],
  ['(?s)a.b', 'a\nb', [[0, 3]]],
  ['(?m)a$\nb', 'a\nb', [[0, 3]]],
  ['(?x) a b # c', 'ab', [[0, 2]]],
  ['\\b', '', null],
  ['\\B', '', null],
  ['\\w\\b', 'é', [[0, 1]]],
  ['(?a)\\w', 'é', null],
  ['\\s', '\x1c', [[0, 1]]],
  ['\\s', '\ufeff', null],
  ['.', '\u{1F600}', [[0, 1]]],
  ['(?i)straße', 'STRAßE', [[0, 6]]],
  ['(?i)s', 'ſ', [[0, 1]]],
  ['(?i)[k]', '\u212a', [[0, 1]]],
  ['[]a]+', ']a', [[0, 2]]],
  ['[^]a]', ']', null],
  ['[a\\]-]+', ']-a', [[0, 3]]],
  ['[\\w-]+', 'a-b', [[0, 3]]],
  ['\\101\\x42\\u0043', 'ABC', [[0, 3]]],
  ['(?<=ab)c', 'c', null],
  ['ab(?<=ab)c', 'abc', [[0, 3]]],
  ['(a)?(?(1)b|c)', 'c', [[0, 1], null]],
])('%s on %j', (pattern, text, spans) => {
  expect(spansOf(pattern, text)).toEqual(spans);
});

test.each([
  ['a**', 'multiple repeat at position 2'],
  ['*a', 'nothing to repeat at position 0'],
  ['(a', 'missing ), unterminated subpattern at position 0'],
  ['a)', 'unbalanced parenthesis at position 1'],
  ['[a', 'unterminated character set at position 0'],
  ['[b-a]', 'bad character range b-a at position 1'],
  ['\\q', 'bad escape \\q at position 0'],
  ['a\\', 'bad escape (end of pattern) at position 1'],
  ['(?P<a>.)(?P<a>.)', "redefinition of group name 'a' as group 2; was group 1 at position 12"],
  ['(?P=a)', "unknown group name 'a' at position 4"],
  ['(?P<1>a)', "bad character in group name '1' at position 4"],
  ['(?<=a*)', 'look-behind requires fixed-width pattern'],
  ['a(?i)', 'global flags not at the start of the expression at position 1'],
  ['(?q)', 'unknown extension ?q at position 1'],
  ['\\1', 'invalid group reference 1 at position 1'],
  ['a{2,1}', 'min repeat greater than max repeat at position 2'],
])('%s is refused', (pattern, says) => {
  expect(() => compilePattern(pattern)).toThrow(says);
});

test('a match that runs out of steps says so, and the pattern matches again', () => {
  const pattern = compilePattern('(a*)*b');
  expect(() => pattern.match(subjectOf('a'.repeat(40)), { left: 10_000 })).toThrow(TooMuchWork);
  expect(pattern.match(subjectOf('aab'))?.text(0)).toBe('aab');
});

describe.skipIf(pythonTextfsmMissing !== null)('Python’s re', () => {
  test('finds the same groups and says the same errors for twenty thousand random patterns', { timeout: 120_000 }, () => {
    const random = new Random(20_26);
    const ours: unknown[] = [];
    const questions: PythonQuestion[] = [];
    for (let i = 0; i < 20_000; i++) {
      const pattern = randomPattern(random);
      const { texts, answer } = ourAnswer(pattern, random);
      questions.push({ kind: 'match', pattern, texts });
      ours.push({ pattern, texts, answer });
    }
    const theirs = askPython(questions).map(({ spans, error }, i) => ({ ...(ours[i] as object), answer: error ?? spans }));
    expect(theirs).toEqual(ours);
  });
});

/** What we find in a few texts, without those that take too many steps: Python would take them. */
function ourAnswer(pattern: string, random: Random): { texts: string[]; answer: unknown } {
  const texts: string[] = [];
  const spans: Spans[] = [];
  try {
    const compiled = compilePattern(pattern);
    for (let i = 0; i < 5; i++) {
      const text = randomText(random);
      try {
        const match = compiled.match(subjectOf(text), { left: 20_000 });
        spans.push(match?.spans ?? null);
        texts.push(text);
      } catch (error) {
        if (!(error instanceof TooMuchWork)) throw error;
      }
    }
    return { texts, answer: spans };
  } catch (error) {
    return { texts, answer: (error as Error).message };
  }
}
