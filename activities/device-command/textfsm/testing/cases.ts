/** What each feature of the language does, written out; the rows stand to be compared with Python's too. */
export interface FeatureCase {
  readonly name: string;
  readonly template: string;
  readonly text: string;
  readonly rows: readonly (readonly unknown[])[];
}

export const FEATURES: readonly FeatureCase[] = [
  {
    name: 'a record is kept where a rule says so, and the last one at the end of the text',
    template: 'Value A (\\S+)\nValue B (\\d+)\n\nStart\n  ^a ${A}\n  ^b ${B} -> Record\n',
    text: 'a one\nb 1\na two\nb 2\na three\n',
    rows: [
      ['one', '1'],
      ['two', '2'],
      ['three', ''],
    ],
  },
  {
    name: 'an empty EOF state keeps no last record',
    template: 'Value A (\\S+)\n\nStart\n  ^a ${A}\n  ^r -> Record\n\nEOF\n',
    text: 'a one\nr\na two\n',
    rows: [['one']],
  },
  {
    name: 'End stops at once and keeps no last record; EOF stops and keeps it',
    template: 'Value A (\\S+)\n\nStart\n  ^a ${A}\n  ^end -> End\n  ^r -> Record\n',
    text: 'a one\nr\na two\nend\na three\n',
    rows: [['one']],
  },
  {
    name: 'going to EOF keeps the record in progress',
    template: 'Value A (\\S+)\n\nStart\n  ^a ${A}\n  ^eof -> EOF\n',
    text: 'a one\neof\na two\n',
    rows: [['one']],
  },
  {
    name: 'a row without a required value is not kept, and forgets the others',
    template: 'Value Required A (\\S+)\nValue B (\\S+)\n\nStart\n  ^a ${A}\n  ^b ${B}\n  ^r -> Record\n',
    text: 'b lost\nr\na one\nr\n',
    rows: [['one', '']],
  },
  {
    name: 'Filldown carries a value into later rows until Clearall',
    template: 'Value Filldown A (\\S+)\nValue B (\\S+)\n\nStart\n  ^a ${A}\n  ^b ${B} -> Record\n  ^c -> Clear\n  ^x -> Clearall\n',
    text: 'a one\nb 1\nb 2\nc\nb 3\nx\nb 4\n',
    rows: [
      ['one', '1'],
      ['one', '2'],
      ['one', '3'],
      ['', '4'],
    ],
  },
  {
    name: 'Fillup writes a value into the rows above that have none',
    template: 'Value A (\\S+)\nValue Fillup B (\\S+)\n\nStart\n  ^a ${A} -> Record\n  ^b ${B}\n',
    text: 'a one\na two\nb B1\na three\na four\nb B2\n',
    rows: [
      ['one', 'B1'],
      ['two', 'B1'],
      ['three', 'B1'],
      ['four', 'B2'],
      ['', 'B2'],
    ],
  },
  {
    name: 'a List gathers what it matches, and empties with the record',
    template: 'Value A (\\S+)\nValue List B (\\S+)\n\nStart\n  ^a ${A}\n  ^b ${B}\n  ^r -> Record\n',
    text: 'a one\nb 1\nb 2\nr\na two\nr\n',
    rows: [
      ['one', ['1', '2']],
      ['two', []],
    ],
  },
  {
    name: 'a List with nested named groups gathers objects',
    template: 'Value List P ((?P<name>\\w+):\\s+(?P<age>\\d+)\\s*(?P<town>\\w+)?)\n\nStart\n  ^${P}\n',
    text: 'bob: 32 rome\njane: 41\n',
    rows: [
      [
        [
          { name: 'bob', age: '32', town: 'rome' },
          { name: 'jane', age: '41', town: null },
        ],
      ],
    ],
  },
  {
    name: 'a List that fills down keeps its items from row to row',
    template: 'Value List,Filldown B (\\S+)\n\nStart\n  ^b ${B} -> Record\n',
    text: 'b 1\nb 2\n',
    rows: [[['1']], [['1', '2']], [['1', '2']]],
  },
  {
    name: 'a group that takes no part empties its value, and adds nothing-at-all to a List',
    template: 'Value A (a)\nValue List B (b)\n\nStart\n  ^x${A}?${B}?\n',
    text: 'xab\nx\n',
    rows: [['', ['b', null]]],
  },
  {
    name: 'Continue goes on with the same line, with or without a record',
    template: 'Value A (\\w)\nValue B (\\w)\n\nStart\n  ^${A} -> Continue\n  ^.${B} -> Continue.Record\n  ^..${A}\n',
    text: 'abc\n',
    rows: [
      ['a', 'b'],
      ['c', ''],
    ],
  },
  {
    name: 'states have rules of their own',
    template: 'Value A (\\S+)\n\nStart\n  ^begin -> Body\n\n# rules of the body\nBody\n  # each line\n  ^end -> Start\n  ^${A} -> Record\n',
    text: 'ignored\nbegin\none\nend\nignored\n',
    rows: [['one']],
  },
  {
    name: 'a record operator may come alone or with a state',
    template: 'Value A (\\S+)\n\nStart\n  ^a ${A} -> Record Other\n\nOther\n  ^a ${A} -> Next.Record Start\n',
    text: 'a one\na two\na three\n',
    rows: [['one'], ['two'], ['three']],
  },
  {
    name: 'a doubled dollar is the end of the line, and names need no braces',
    template: 'Value A (\\S+)\n\nStart\n  ^a $A$$ -> Record\n',
    text: 'a one\na two three\n',
    rows: [['one']],
  },
  {
    name: 'a text of nothing gives nothing',
    template: 'Value A (\\S+)\n\nStart\n  ^a ${A}\n',
    text: '',
    rows: [],
  },
  {
    name: 'lines end as Python ends them, and white space is Python’s',
    template: 'Value A (\\S+)\n\nStart\n  ^a\\s${A}\\s*$$ -> Record\n',
    text: 'a one\r\na two\u2028a\u00a0three\u0085a four\x1da five\x0ba six\x0ca seven\x1f\ra eight \t\n\na\ufeffnine\n',
    rows: [['one'], ['two'], ['three'], ['four'], ['five'], ['six'], ['seven'], ['eight']],
  },
  {
    name: 'letters and digits are Unicode’s, and characters beyond the first plane count once',
    template: 'Value A (\\w{2})\nValue B (\\d+)\nValue C (.)\n\nStart\n  ^${A} ${B} ${C}$$ -> Record\n',
    text: 'né ٣4 \u{1F600}\n\u{10400}x 1 y\n',
    rows: [
      ['né', '٣4', '\u{1F600}'],
      ['\u{10400}x', '1', 'y'],
    ],
  },
  {
    name: 'groups of a repetition keep what an earlier round captured, and an empty round is allowed once',
    template: 'Value A (a)\nValue B ([ab]*)\n\nStart\n  ^(${A}|b)*c$$ -> Record\n  ^(${B})*d$$ -> Record\n',
    text: 'abc\nabd\n',
    rows: [
      ['a', ''],
      ['', ''],
    ],
  },
  {
    name: 'inline flags, look-arounds, back-references, conditions and comments',
    template:
      'Value A (\\w+)\nValue B (\\w+)\n\nStart\n  ^(?i:HOST)(?#of course) ${A}(?=:)(?<!x):(?P<q>")?${B}(?(q)"|!) (?P=A)\\b$$ -> Record\n',
    text: 'hOst r1:"up" r1\nhost r2:up! r2\nhost r3:"up! r3\nhost rx:up! rx\nhost r4:up! r44\n',
    rows: [
      ['r1', 'up'],
      ['r2', 'up'],
    ],
  },
];

/** A template that is refused, and in which words. */
export interface BadTemplate {
  readonly name: string;
  readonly template: string;
  readonly says: string;
}

const head = 'Value A (\\S+)\n\n';

export const BAD_TEMPLATES: readonly BadTemplate[] = [
  { name: 'nothing at all', template: '', says: "Missing state 'Start'." },
  { name: 'no values', template: 'Start\n  ^a\n', says: 'No Value definitions found.' },
  { name: 'no Start', template: `${head}Begin\n  ^a\n`, says: "Missing state 'Start'." },
  { name: 'text among the values', template: 'Value A (a)\nStart\n', says: 'Expected blank line after last Value entry. Line: 2.' },
  { name: 'too few words', template: 'Value A\n\nStart\n', says: 'Expect at least 3 tokens on line. Line 1.' },
  { name: 'an option that there is not', template: 'Value Optional A (a)\n\nStart\n', says: 'Unknown option "Optional" Line 1.' },
  { name: 'an option twice', template: 'Value Key,Key A (a)\n\nStart\n', says: 'Duplicate option "Key" Line 1.' },
  {
    name: 'a value twice',
    template: 'Value A (a)\n# A again\nValue A (b)\n\nStart\n',
    says: "Duplicate declarations for Value 'A'. Line: 3.",
  },
  { name: 'no parentheses', template: 'Value Key A a\n\nStart\n', says: "Value 'a' must be contained within a '()' pair. Line 1." },
  { name: 'unequal parentheses', template: 'Value A ((a)\n\nStart\n', says: "Value '((a)' must be contained within a '()' pair. Line 1." },
  {
    name: 'a name that is too long',
    template: `Value ${'A'.repeat(49)} (a)\n\nStart\n`,
    says: `Invalid Value name '${'A'.repeat(49)}' or name too long. Line 1.`,
  },
  { name: 'a List that is no expression', template: 'Value List A (a|*)\n\nStart\n', says: 'nothing to repeat at position 3 Line 1.' },
  { name: 'a rule without its margin', template: `${head}Start\n^a\n`, says: "Missing white space or carat ('^') before rule. Line: 4" },
  { name: 'a rule without its caret', template: `${head}Start\n  a\n`, says: "Missing white space or carat ('^') before rule. Line: 4" },
  { name: 'an unknown name', template: `${head}Start\n  ^\${B}\n`, says: "Duplicate or invalid variable substitution: '^${B}'. Line: 4." },
  { name: 'a lonely dollar', template: `${head}Start\n  ^a$\n`, says: "Duplicate or invalid variable substitution: '^a$'. Line: 4." },
  {
    name: 'a value twice in a rule',
    template: `${head}Start\n  ^\${A}\${A}\n`,
    says: "Invalid regular expression: '^(?P<A>\\S+)(?P<A>\\S+)'. Line: 4.",
  },
  { name: 'a rule that is no expression', template: `${head}Start\n  ^a(\n`, says: "Invalid regular expression: '^a('. Line: 4." },
  {
    name: 'an action that there is not',
    template: `${head}Start\n  ^a -> Next.Reckord x\n`,
    says: "Badly formatted rule '^a -> Next.Reckord x'. Line: 4.",
  },
  {
    name: 'Continue with a state',
    template: `${head}Start\n  ^a -> Continue Start\n`,
    says: "Action 'Continue' with new state Start specified. Line: 4.",
  },
  {
    name: 'a message without Error',
    template: `${head}Start\n  ^a -> Next "no"\n`,
    says: 'Alphanumeric characters only in state names. Line: 4.',
  },
  {
    name: 'a state that there is not',
    template: `${head}Start\n  ^a -> Body\n`,
    says: "State 'Body' not found, referenced in state 'Start'",
  },
  { name: 'a state twice', template: `${head}Start\n  ^a\n\nStart\n  ^b\n`, says: "Duplicate state name: 'Start'. Line: 6" },
  { name: 'a reserved name', template: `${head}Start\n  ^a\n\nRecord\n  ^b\n`, says: "Invalid state name: 'Record'. Line: 6" },
  { name: 'a name with a blank', template: `${head}My state\n  ^a\n`, says: "Invalid state name: 'My state'. Line: 3" },
  { name: 'an End with rules', template: `${head}Start\n  ^a\n\nEnd\n  ^b\n`, says: "Non-Empty 'End' state." },
  { name: 'an EOF with rules', template: `${head}Start\n  ^a\n\nEOF\n  ^b\n`, says: "Non-Empty 'EOF' state." },
];
