import { describe, expect, test } from 'vitest';
import { readSource } from '#jobs/source.ts';
import type { Edit } from './edit.ts';
import { editText } from './edit-text.ts';
import { CannotEdit } from './parsed.ts';

const JOB = `# Who keeps this: netops
name: edge-backup   # never renamed
parameters:
  site: { type: string, enum: [ber, 'fra'] } # two of them
steps:
  # reads
  - id: show
    type: device.command
    config:
      commands: [ "show run" ]   # one
      # timeout: 5

  - id: store
    x-unknown:   0o17
    config: { path: a/b,mode: '0600' }

# the end
`;

type Case = readonly [says: string, before: string, edit: Edit, after: string];

const set = (path: Edit extends never ? never : readonly (string | number)[], value: never | unknown, order?: readonly string[]): Edit =>
  ({ kind: 'set', path, value, ...(order && { order }) }) as Edit;

const cases: readonly Case[] = [
  ['a scalar keeps the comment beside it', 'a: 1   # one\nb: 2\n', set(['a'], 7), 'a: 7   # one\nb: 2\n'],
  ['a quoted text stays quoted', "a: 'x'\n", set(['a'], "it's"), "a: 'it''s'\n"],
  ['a text that reads as something else is quoted', 'a: x\n', set(['a'], 'true'), "a: 'true'\n"],
  ['a value is given to an empty key before its comment', 'a: # c\nb: 1\n', set(['a'], 'x'), 'a: x # c\nb: 1\n'],
  ['a map is put below an empty key and its comment', 'a: # c\nb: 1\n', set(['a'], { x: 1 }), 'a: # c\n  x: 1\nb: 1\n'],
  ['a map becomes a word', 'a: # c\n  x: 1\n  # gone\nb: 1\n', set(['a'], 'w'), 'a: w # c\nb: 1\n'],
  ['several lines become a block', 'a: x # c\nb: 1\n', set(['a'], 'one\n two\n'), 'a: | # c\n  one\n   two\nb: 1\n'],
  ['a block becomes another block', 'a: |\n   one\n   two\nb: 1\n', set(['a'], 'three\nfour'), 'a: |-\n  three\n  four\nb: 1\n'],
  ['a block becomes a word', 'a: >-\n   one\n   two\nb: 1\n', set(['a'], 'three'), 'a: three\nb: 1\n'],
  [
    'a new key stands where its order says',
    'id: x\nconfig: 1\n',
    set(['type'], 't', ['id', 'type', 'config']),
    'id: x\ntype: t\nconfig: 1\n',
  ],
  ['a new key comes last without one', 'id: x # c\n', set(['type'], 't'), 'id: x # c\ntype: t\n'],
  ['a text without a last line break gets none', 'id: x', set(['type'], 't'), 'id: x\ntype: t'],
  ['what leads to a value is made', 'id: x\n', set(['retry', 'on', 0], 'timeout'), 'id: x\nretry:\n  on:\n    - timeout\n'],
  ['a value between brackets', 'a: { b: 1,c: [ x , y ] }\n', set(['a', 'c', 1], 'z, w'), "a: { b: 1,c: [ x , 'z, w' ] }\n"],
  ['a key between brackets', 'a: {b: 1} # c\n', set(['a', 'c'], [1]), 'a: {b: 1, c: [1]} # c\n'],
  ['an anchor stays with its place', 'a: &x 1\nb: *x\n', set(['a'], 2), 'a: &x 2\nb: *x\n'],
  ['an alias gives way to a value', 'a: &x 1\nb: *x\n', set(['b'], 2), 'a: &x 1\nb: 2\n'],
  ['lines end as they did', 'a: 1\r\nb:\r\n  - x\r\n', set(['b', 1], { k: 1, l: 2 }), 'a: 1\r\nb:\r\n  - x\r\n  - k: 1\r\n    l: 2\r\n'],
  ['JSON stays JSON', '{\n\t"a": 1,\n\t"b": {}\n}\n', set(['b', 'c'], 'd'), '{\n\t"a": 1,\n\t"b": {\n\t\t"c": "d"\n\t}\n}\n'],
  [
    'a key goes with its line and the comment above it',
    'a: 1\n# of b\nb: 2 # too\nc: 3\n',
    { kind: 'remove', path: ['b'] },
    'a: 1\nc: 3\n',
  ],
  ['the first key of an item goes', '- a: 1\n  b: 2\n', { kind: 'remove', path: [0, 'a'] }, '- b: 2\n'],
  ['the last key leaves an empty map', 'x:\n  a: 1\ny: 2\n', { kind: 'remove', path: ['x', 'a'] }, 'x: {}\ny: 2\n'],
  ['an item between brackets goes with its comma', 'a: [1, 2, 3]\n', { kind: 'remove', path: ['a', 1] }, 'a: [1, 3]\n'],
  ['the last of them too', 'a: [1, 2 , 3 ]\n', { kind: 'remove', path: ['a', 2] }, 'a: [1, 2 ]\n'],
  ['a key is renamed', 'e: { A: 1 }\n', { kind: 'rename', path: ['e', 'A'], name: 'B C' }, 'e: { B C: 1 }\n'],
  [
    'an item is put into an empty list',
    's: [] # none\n',
    { kind: 'insert', list: ['s'], at: 0, value: { id: 'a' } },
    's: # none\n  - id: a\n',
  ],
  [
    'an item is put first, blank lines as between the others',
    's:\n- a\n\n- b\n',
    { kind: 'insert', list: ['s'], at: 0, value: 'c' },
    's:\n- c\n\n- a\n\n- b\n',
  ],
  [
    'an item moves up with its comments',
    's:\n  # A\n  - a\n  # B\n  - b # bb\n    # deep\nt: 1\n',
    { kind: 'move', path: ['s', 1], list: ['s'], at: 0 },
    's:\n  # B\n  - b # bb\n    # deep\n  # A\n  - a\nt: 1\n',
  ],
  ['an item moves down past its list’s end', 's:\n- a\n\n- b', { kind: 'move', path: ['s', 0], list: ['s'], at: 1 }, 's:\n- b\n\n- a'],
  [
    'an item moves into a list that is made for it',
    's:\n    -  id: a # c\n       x: |\n         t\n    -  id: b\nz: 1\n',
    { kind: 'move', path: ['s', 0], list: ['u'], at: 0 },
    's:\n    -  id: b\nz: 1\nu:\n  -  id: a # c\n     x: |\n       t\n',
  ],
  [
    'the last item of a list leaves the comments around it',
    's:\n- a\nu: # c\n  # about all\n\n  # B\n  - b # bb\n',
    { kind: 'move', path: ['u', 0], list: ['s'], at: 1 },
    's:\n- a\n# B\n- b # bb\nu: [] # c\n  # about all\n\n',
  ],
  [
    'an item over several lines between brackets stays so on lines of its own',
    's: [ a, { # A\n  k: 1, # one\n }, b ]\nu:\n  - c\n',
    { kind: 'move', path: ['s', 1], list: ['u'], at: 1 },
    's: [ a, b ]\nu:\n  - c\n  - { # A\n     k: 1, # one\n    }\n',
  ],
  [
    'comments of an item that goes between brackets stand above',
    's:\n  - a # one\n  - b\nt:\n  u: [c]\n',
    { kind: 'move', path: ['s', 0], list: ['t', 'u'], at: 0 },
    's:\n  - b\nt:\n  # one\n  u: [a, c]\n',
  ],
  [
    'an item becomes the value of another’s key with all its comments, those of keys that are left out too',
    's:\n  - id: a\n    k: 1\n  # U\n  - &u # uu\n    id: u # says u\n    k: | # text\n      t\n\n      v\n    # why\n    needs: # because\n      - a # A\n    # deep\n\n  - id: z\n',
    { kind: 'nest', path: ['s', 1], map: ['s', 0], key: 'undo', keep: ['k'] },
    's:\n  - id: a\n    k: 1\n    # U\n    undo: &u # uu\n      # says u\n      k: | # text\n        t\n\n        v\n      # why\n      # because\n      # A\n      # deep\n  - id: z\n',
  ],
  [
    'an item that begins beside its dash too',
    's:\n- id: u # says u\n  k: 1\n- id: a\n',
    { kind: 'nest', path: ['s', 0], map: ['s', 1], key: 'undo', keep: ['k'] },
    's:\n- id: a\n  undo:\n    # says u\n    k: 1\n',
  ],
  [
    'an item between brackets keeps the bytes that go along',
    "s:\n- id: a\n- { id: u,  k:  'x' , l: [ 1 ] } # U\n",
    { kind: 'nest', path: ['s', 1], map: ['s', 0], key: 'undo', keep: ['k', 'l'] },
    "s:\n- id: a\n  undo: { k:  'x' , l: [ 1 ] } # U\n",
  ],
  [
    'the value of a key becomes an item with all its comments',
    's:\n- id: a\n  # U\n  undo: &u # uu\n    # K\n    k: |\n      t\n    # deep\n- id: z\n',
    { kind: 'free', path: ['s', 0, 'undo'], list: ['s'], at: 1, fields: { id: 'u' } },
    's:\n- id: a\n# U\n- &u # uu\n  id: u\n  # K\n  k: |\n    t\n  # deep\n- id: z\n',
  ],
  [
    'a value between brackets too',
    's:\n  - id: a\n    undo: {  k: 1 } # U\n',
    { kind: 'free', path: ['s', 0, 'undo'], list: ['s'], at: 1, fields: { id: 'u' } },
    's:\n  - id: a\n  - {  id: u, k: 1 } # U\n',
  ],
  [
    'in JSON it stays JSON',
    '{ "s": [{ "id": "a", "undo": { "k": 1 } }] }',
    { kind: 'free', path: ['s', 0, 'undo'], list: ['s'], at: 1, fields: { id: 'u' } },
    '{ "s": [{ "id": "a" }, { "id": "u", "k": 1 }] }',
  ],
  [
    'an item is written once more without its anchors',
    's:\n  - &one\n    id: a # c\n    k: &two [1]\n',
    { kind: 'duplicate', path: ['s', 0], fields: { id: 'a-2' } },
    's:\n  - &one\n    id: a # c\n    k: &two [1]\n  - \n    id: a-2 # c\n    k: [1]\n',
  ],
];

test.each(cases)('%s', (_says, before, edit, after) => {
  expect(editText(before, edit).text).toBe(after);
});

test('a commented job keeps every other byte through a form, a drag, and the way back', () => {
  const moved = editText(JOB, { kind: 'move', path: ['steps', 1], list: ['steps'], at: 0 }).text;
  expect(moved).toContain("  - id: store\n    x-unknown:   0o17\n    config: { path: a/b,mode: '0600' }\n\n  # reads\n  - id: show");
  expect(editText(moved, { kind: 'move', path: ['steps', 0], list: ['steps'], at: 1 }).text).toBe(JOB);
  const named = editText(JOB, set(['steps', 0, 'config', 'commands', 0], 'show version')).text;
  expect(named).toBe(JOB.replace('"show run"', '"show version"'));
});

describe('what cannot be changed by itself is refused in a sentence', () => {
  test.each<readonly [string, string, Edit, RegExp]>([
    ['the inside of an alias', 'a: &x { b: 1 }\nc: *x\n', set(['c', 'b'], 2), /anchor &x/],
    ['an anchor that is used elsewhere', 'a: &x 1\nb: *x\n', { kind: 'remove', path: ['a'] }, /\*x/],
    ['an alias that would come before its anchor', 's:\n - &x a\n - *x\n', { kind: 'move', path: ['s', 1], list: ['s'], at: 0 }, /\*x/],
    [
      'an alias that is to be an item',
      's:\n - id: a\n   k: &k { l: 1 }\n   undo: *k\n',
      { kind: 'free', path: ['s', 0, 'undo'], list: ['s'], at: 1, fields: { id: 'u' } },
      /anchor &k/,
    ],
    ['a text that has an error', 'a: [\n', set(['a'], 1), /error of form/],
  ])('%s', (_says, text, edit, why) => {
    expect(() => editText(text, edit)).toThrow(CannotEdit);
    expect(() => editText(text, edit)).toThrow(why);
  });
});

test('the published example survives each of its steps moving through all places and home again', async () => {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(new URL('../../../../examples/edge-backup.yaml', import.meta.url), 'utf8');
  const count = (readSource(text).value as { steps: readonly unknown[] }).steps.length;
  for (let from = 0; from < count; from++) {
    for (let to = 0; to < count; to++) {
      const there = editText(text, { kind: 'move', path: ['steps', from], list: ['steps'], at: to }).text;
      expect(there.split('\n').toSorted()).toEqual(text.split('\n').toSorted());
      expect(editText(there, { kind: 'move', path: ['steps', to], list: ['steps'], at: from }).text).toBe(text);
    }
  }
});
