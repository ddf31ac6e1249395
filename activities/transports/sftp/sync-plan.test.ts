import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, actionLine, type PlanOptions, planSync, type Side } from './sync-plan.ts';

const side = (relative: string, more: Partial<Side> = {}): Side => ({
  relative,
  kind: 'file',
  size: 1,
  mtime: 100,
  mode: 0o644,
  linkTarget: null,
  ...more,
});
const directory = (relative: string, more: Partial<Side> = {}): Side => side(relative, { kind: 'directory', mode: 0o755, ...more });
const link = (relative: string, linkTarget: string): Side => side(relative, { kind: 'link', linkTarget });

const DEFAULTS: PlanOptions = {
  compare: 'size_and_mtime',
  delete: 'none',
  maxDelete: 100,
  preservePermissions: false,
  keeps: new Set(),
  isSame: () => true,
};
const lines = (left: readonly Side[], right: readonly Side[], options: Partial<PlanOptions> = {}) =>
  planSync(left, right, { ...DEFAULTS, ...options }).map(actionLine);

describe('what a sync does', () => {
  test.each<[string, readonly Side[], readonly Side[], Partial<PlanOptions>, readonly string[]]>([
    ['nothing to what is alike', [side('a'), directory('d')], [side('a'), directory('d')], {}, []],
    ['brings over what is missing, directories first', [side('d/a'), directory('d')], [], {}, ['directory d', 'new d/a']],
    ['brings over what has another size', [side('a', { size: 2 })], [side('a')], {}, ['update a']],
    ['brings over what has another time', [side('a', { mtime: 101 })], [side('a')], {}, ['update a']],
    [
      'by checksum, sets the time of what holds the same',
      [side('a', { mtime: 101 })],
      [side('a')],
      { compare: 'checksum' },
      ['attributes a'],
    ],
    [
      'by checksum, brings over what holds something else',
      [side('a')],
      [side('a')],
      { compare: 'checksum', isSame: () => false },
      ['update a'],
    ],
    ['leaves what is extra', [], [side('a')], {}, []],
    [
      'deletes what is extra, last and deepest first',
      [side('b')],
      [directory('a'), side('a/x')],
      { delete: 'after' },
      ['new b', 'delete a/x', 'delete a'],
    ],
    [
      'keeps what was left out',
      [],
      [directory('a'), side('a/x'), side('a/y')],
      { delete: 'after', keeps: new Set(['a', 'a/x']) },
      ['delete a/y'],
    ],
    ['sets permissions when asked to', [side('a', { mode: 0o600 })], [side('a')], { preservePermissions: true }, ['attributes a']],
    [
      'makes links, and makes them anew when they lead elsewhere',
      [link('l', 'a'), link('m', 'b')],
      [link('m', 'c')],
      {},
      ['link l -> a', 'link m -> b'],
    ],
    ['puts a file in the place of a link', [side('a')], [link('a', 'x')], {}, ['new a']],
    ['puts a file in the place of a directory', [side('a')], [directory('a'), side('a/x')], { delete: 'after' }, ['new a', 'delete a/x']],
  ])('%s', (_what, left, right, options, expected) => {
    expect(lines(left, right, options)).toEqual(expected);
  });

  test('refuses to delete more than it may, and to make way where nothing may be deleted', () => {
    const many = Array.from({ length: 4 }, (_, index) => side(`f${index}`));
    expect(() => lines([], many, { delete: 'after', maxDelete: 3 })).toThrow(
      /4 entries would be deleted, first f3; max_delete allows 3; nothing was changed/,
    );
    expect(() => lines([side('a')], [directory('a'), side('a/x')])).toThrow(/the directory a would have to be deleted/);
  });

  /** Trees in which every parent is a directory. */
  const tree = fc
    .array(
      fc.tuple(
        fc.array(fc.constantFrom('a', 'b', 'a-b', 'ä'), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('file', 'link'),
        fc.nat(2),
        fc.nat(2),
      ),
      { maxLength: 12 },
    )
    .map((entries) => {
      const sides = new Map<string, Side>();
      for (const [path, kind, size, mtime] of entries) {
        const parents = path.slice(0, -1).map((_, index) => path.slice(0, index + 1).join('/'));
        const relative = path.join('/');
        if (parents.some((parent) => sides.has(parent) && sides.get(parent)?.kind !== 'directory') || sides.has(relative)) continue;
        for (const parent of parents) sides.set(parent, directory(parent));
        sides.set(relative, kind === 'link' ? link(relative, `to${size}`) : side(relative, { size, mtime }));
      }
      return [...sides.values()];
    });

  const below = (there: ReadonlyMap<string, Side>, relative: string) => [...there.keys()].filter((path) => path.startsWith(`${relative}/`));

  function carryOut({ do: what, relative, replaces }: Action, wanted: ReadonlyMap<string, Side>, there: Map<string, Side>): void {
    if (replaces === 'directory') for (const path of below(there, relative)) there.delete(path);
    if (what === 'delete') {
      expect(below(there, relative)).toEqual([]);
      there.delete(relative);
      return;
    }
    if (relative.includes('/')) expect(there.get(relative.slice(0, relative.lastIndexOf('/')))?.kind).toBe('directory');
    const source = wanted.get(relative);
    if (source !== undefined) there.set(relative, source);
  }

  test('done in its order it makes both sides alike, and then there is nothing more to do', () => {
    fc.assert(
      fc.property(tree, tree, (left, right) => {
        const options = { ...DEFAULTS, delete: 'after' as const };
        const wanted = new Map(left.map((one) => [one.relative, one]));
        const there = new Map(right.map((one) => [one.relative, one]));
        for (const action of planSync(left, right, options)) carryOut(action, wanted, there);
        expect(planSync(left, [...there.values()], options)).toEqual([]);
        expect(there.size).toBe(wanted.size);
      }),
    );
  });
});
