import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { LIMITS } from './limits.ts';
import { InvalidInput, type Problem } from './problem.ts';
import { readSource } from './source.ts';

function refusalsOf(text: string): readonly Problem[] {
  try {
    readSource(text);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
}

const first = (text: string): string => {
  const [problem] = refusalsOf(text);
  return problem ? `${problem.line ?? '-'}:${problem.column ?? '-'} ${problem.pointer} ${problem.message}` : 'read';
};

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  ...[...'bcdefghi'].map((key, at) => `${key}: &${key} [${Array(10).fill(`*${'abcdefghi'[at]}`)}]`),
].join('\n');

test.each([
  ['a foreign tag', 'a: !foo 1', '1:4  unresolved tag: !foo; write plain YAML without tags'],
  ['a tag of YAML 1.1', 'a: !!binary aGk=', '1:4  unresolved tag: tag:yaml.org,2002:binary; write plain YAML without tags'],
  [
    'an integer above 2^53',
    'a:\n  - 9007199254740993',
    '2:5 /a/0 a[0]: 9007199254740993 is beyond ±9007199254740991, where integers stop being exact; write it in quotes',
  ],
  [
    'a negative one',
    'a: -9007199254740993',
    '1:4 /a a: -9007199254740993 is beyond ±9007199254740991, where integers stop being exact; write it in quotes',
  ],
  [
    'a big integer with an exponent',
    'a: 1e300',
    '1:4 /a a: 1e+300 is beyond ±9007199254740991, where integers stop being exact; write it in quotes',
  ],
  ['__proto__', 'a:\n  __proto__: {b: 1}', '2:14 /a/__proto__ a.__proto__: the key "__proto__" is not allowed'],
  ['__proto__ in JSON', '{"__proto__": {"a": 1}}', '1:15 /__proto__ __proto__: the key "__proto__" is not allowed'],
  ['a key twice', 'a: 1\nb: 2\na: 3', '3:1 /a a: the key "a" stands twice'],
  ['a key twice in JSON, once escaped', '{"a": 1, "\\u0061": 2}', '1:10 /a a: the key "a" stands twice'],
  ['a key twice, once a number', '1: a\n"1": b', '2:1 /1 [1]: the key "1" stands twice'],
  ['two documents', 'a: 1\n---\nb: 1', '2:1  a second document begins here; write one'],
  ['the directive of YAML 1.1', '%YAML 1.1\n---\na: yes', '1:1  directives (%) are not allowed here; the text is YAML 1.2'],
  ['an alias bomb', bomb, '1:1  holds more than 100000 values'],
  ['an alias bomb of text', `a: &a "${'x'.repeat(100_000)}"\nb: [${'*a,'.repeat(20)}]`, '1:1  holds more than 1048576 characters of text'],
  ['an alias inside itself', 'a: &a [1, *a]', '1:11 /a/1 a[1]: the alias *a stands inside the value it names'],
  ['an alias of nothing', 'a: *b', '1:4 /a a: no anchor &b stands before this alias'],
  ['an alias before its anchor', 'a: *b\nb: &b 1', '1:4 /a a: no anchor &b stands before this alias'],
  ['a merge key', 'a: &a {b: 1}\nc:\n  <<: *a', '3:3 /c/<< c["<<"]: merge keys (<<) are not YAML 1.2; write the fields out'],
  ['an octal of YAML 1.1', 'mode: 0644', '1:7 /mode mode: 0644 would be read as 644; write 644, or "0644" in quotes for text'],
  ['infinity', 'a: .inf', '1:4 /a a: .inf is no number that JSON can hold'],
  ['not a number', 'a: .nan', '1:4 /a a: .nan is no number that JSON can hold'],
  ['a number above all', 'a: 1e999', '1:4 /a a: 1e999 is no number that JSON can hold'],
  ['a list as a key', '? [a]\n: 1', '1:3  with stringKeys, all keys must be strings'],
  ['NUL in text', 'a: "b\\0c"', '1:4 /a a: text must not hold NUL characters'],
  ['NUL in a key', '{"a\\u0000": 1}', '1:13 /a\u0000 ["a\\u0000"]: text must not hold NUL characters'],
  ['half a surrogate pair', 'a: "\\ud800"', '1:4 /a a: text holds half of a surrogate pair, which is no character'],
  ['an open flow list', 'a: [1, 2', '1:9 /a/1 a[1]: flow sequence in block collection must be sufficiently indented and end with a ]'],
  ['an open quote', 'a: "b', '1:6 /a a: missing closing "quote'],
  ['tabs as indentation', 'a:\n\t- b', '2:1  tabs are not allowed as indentation'],
  ['a colon in plain text', 'a: b: c', '1:4 /a/b a.b: nested mappings are not allowed in compact mappings'],
  ['text after a value', '"a" b', '1:5  unexpected scalar at node end'],
  ['a reserved sign', 'a: @b', '1:4 /a a: plain value cannot start with reserved character @'],
  ['bad indentation', 'a:\n   - 1\n  - 2', '3:1 /a/0 a[0]: a block sequence may not be used as an implicit map key'],
  ['nothing', '', '-:-  the text is empty'],
  ['only comments', '# later\n', '-:-  the text is empty'],
  ['brackets without end', '['.repeat(200_000), `1:33 ${'/0'.repeat(32)} ${'[0]'.repeat(32)}: is nested more than 32 levels deep`],
  ['dashes without end', '- '.repeat(100_000), `1:65 ${'/0'.repeat(32)} ${'[0]'.repeat(32)}: is nested more than 32 levels deep`],
  ['question marks without end', '? '.repeat(100_000), `1:65 ${'/0'.repeat(32)} ${'[0]'.repeat(32)}: is nested more than 32 levels deep`],
  [
    'nesting by indentation',
    Array.from({ length: 40 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
    `33:33 ${'/a'.repeat(32)} a${'.a'.repeat(31)}: is nested more than 32 levels deep`,
  ],
  [
    'nesting by aliases',
    ['a0: &a0 [x]', ...Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]`)].join('\n'),
    `2:10 /a31${'/0'.repeat(31)} a31${'[0]'.repeat(31)}: is nested more than 32 levels deep`,
  ],
  ['a list too long', `a: [${'1,'.repeat(10_001)}]`, '1:4 /a a: has more than 10000 entries'],
  ['commas without end', `[${','.repeat(200_000)}]`, '1:1  has more than 5000 marks, blanks and comments in one place'],
  ['anchors without end', '&a '.repeat(50_000), '1:1  has more than 5000 marks, blanks and comments in one place'],
  ['quotes without end', '"'.repeat(200_000), '1:1  has more than 5000 marks, blanks and comments in one place'],
  ['a text too big', `a: ${'x'.repeat(LIMITS.sourceBytes)}`, '-:-  the text has 262147 bytes; at most 262144 allowed'],
])('%s is refused where it stands', (_, text, refusal) => {
  expect(first(text)).toBe(refusal);
});

test('everything wrong is reported at once, in the order of the text, at most 100 times', () => {
  expect(refusalsOf('a: 010\nb: *c\na: .inf').map(({ line }) => line)).toEqual([1, 2, 3, 3]);
  expect(refusalsOf(Array.from({ length: 500 }, (_, at) => `k${at}: .inf`).join('\n'))).toHaveLength(100);
  expect(refusalsOf(']'.repeat(200_000))).toHaveLength(100);
});

test('a sound text reads as data: text stays text, aliases stand for their value', () => {
  const { value } = readSource(
    'no: no\non: [1, 0x1F, 1.5, -0, ~, true]\ntext: |\n  two\n  lines\nsame: &s {a: 1}\nagain: *s\n1: one\n"<<": kept\n',
  );
  expect(value).toEqual({
    no: 'no',
    on: [1, 31, 1.5, 0, null, true],
    text: 'two\nlines\n',
    same: { a: 1 },
    again: { a: 1 },
    1: 'one',
    '<<': 'kept',
  });
});

test('JSON indented by tabs reads as JSON', () => {
  expect(readSource('{\n\t"a": [\n\t\t1\n\t],\n\t"b": "\\t"\n}').value).toEqual({ a: [1], b: '\t' });
});

test('a pointer is located at its value, at its key where the value begins later, or at what is nearest around it', () => {
  const { locate } = readSource('name: x\nsteps:\n  - id: a\n    config:\n      command: ls\nalso: &a {k: v}\nmore: *a\n');
  expect(locate('/name')).toEqual({ line: 1, column: 7 });
  expect(locate('/steps')).toEqual({ line: 2, column: 1 });
  expect(locate('/steps/0/config/command')).toEqual({ line: 5, column: 16 });
  expect(locate('/steps/0/type')).toEqual({ line: 3, column: 5 });
  expect(locate('/steps/7/type')).toEqual({ line: 2, column: 1 });
  expect(locate('/more/k')).toEqual({ line: 6, column: 14 });
  expect(locate('')).toEqual({ line: 1, column: 1 });
});

const json = fc
  .jsonValue({ maxDepth: 6 })
  .map(
    (value) =>
      JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' && Math.abs(part) > 2 ** 53 ? 0 : part))) as unknown,
  )
  .filter((value) => value !== null && !JSON.stringify(value).includes('__proto__') && !JSON.stringify(value).includes('\\u0000'));

test('whatever JSON holds comes back unchanged from its JSON text and from its YAML text', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(readSource(JSON.stringify(value)).value).toEqual(value);
      expect(readSource(JSON.stringify(value, null, '\t')).value).toEqual(value);
      expect(readSource(stringify(value, { version: '1.2', schema: 'core' })).value).toEqual(value);
    }),
  );
});

test('no text at all does anything but read or be refused with problems', () => {
  const signs = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ':',
    '- ',
    '? ',
    '\n',
    '  ',
    '\t',
    '&a ',
    '*a',
    '!',
    '"',
    "'",
    '|',
    '>',
    '#',
    ',',
    'a',
    '1',
    '%',
    '\\',
    '---\n',
    '\u0000',
    '🙂',
    '\ud800',
  );
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 60 }), (parts) => {
      for (const { message } of refusalsOf(parts.join(''))) expect(message).not.toBe('');
    }),
    { numRuns: 2000 },
  );
});
