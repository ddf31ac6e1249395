import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globProblem, matchesGlob } from './glob.ts';
import { type SelectableTarget, selectTargets } from './select-targets.ts';
import type { TargetSelector } from './target-choice.ts';

const target = (name: string, over: Partial<SelectableTarget> = {}): SelectableTarget => ({
  name,
  kind: 'ssh',
  tags: [],
  attributes: {},
  enabled: true,
  ...over,
});

const inventory = [
  target('edge-fra', { tags: ['edge', 'prod'], attributes: { site: 'fra', rack: 5 } }),
  target('edge-ber', { tags: ['edge', 'prod'], attributes: { site: 'ber', rack: 12, spare: true } }),
  target('edge-old', { tags: ['edge', 'prod'], attributes: { site: 'ber' }, enabled: false }),
  target('core-1', { kind: 'device', tags: ['core', 'prod'], attributes: { site: 'ber' } }),
  target('lab-1', { tags: ['edge', 'lab'], attributes: { site: null, links: ['a'] } }),
];

describe('a selector means', () => {
  const cases: readonly (readonly [TargetSelector, readonly string[]])[] = [
    [{ tags: ['edge'] }, ['edge-ber', 'edge-fra', 'lab-1']],
    [{ tags: ['edge', 'prod'] }, ['edge-ber', 'edge-fra']],
    [{ any_tags: ['core', 'lab'] }, ['core-1', 'lab-1']],
    [{ tags: ['edge'], not_tags: ['lab'] }, ['edge-ber', 'edge-fra']],
    [{ kind: 'device' }, ['core-1']],
    [{ site: 'ber' }, ['core-1', 'edge-ber']],
    [{ site: 'ber', tags: ['edge'] }, ['edge-ber']],
    [{ rack: '5' }, ['edge-fra']],
    [{ rack: 12 }, ['edge-ber']],
    [{ spare: 'true' }, ['edge-ber']],
    [{ site: null }, []],
    [{ links: ['a'] }, []],
    [{ toString: 'x' }, []],
    [{ names: ['edge-*'] }, ['edge-ber', 'edge-fra']],
    [{ names: ['core-?', 'lab-[0-9]'] }, ['core-1', 'lab-1']],
    [{ names: ['edge-old'] }, []],
    [{ names: [] }, []],
    [{ any_tags: [] }, []],
    [{ tags: [], not_tags: [], names: ['*'] }, ['core-1', 'edge-ber', 'edge-fra', 'lab-1']],
    [{ allow_empty: true, site: 'nowhere' }, []],
  ];
  test.each(cases)('%j', (selector, names) => {
    expect(selectTargets(inventory, selector)).toEqual(names);
  });
});

describe('a glob', () => {
  test.each([
    ['*', '', true],
    ['*', 'anything', true],
    ['a*c', 'ac', true],
    ['a*c', 'abcabc', true],
    ['a*c', 'abcab', false],
    ['a**c*', 'axxc', true],
    ['edge-??', 'edge-1', false],
    ['edge-[a-c]1', 'edge-b1', true],
    ['edge-[!a-c]1', 'edge-b1', false],
    ['edge-[!a-c]1', 'edge-d1', true],
    ['r[-x]', 'r-', true],
    ['a.c', 'abc', false],
    ['edge', 'edge-1', false],
  ])('%s and %s: %s', (pattern, name, matches) => {
    expect(matchesGlob(pattern, name)).toBe(matches);
  });

  test('says what is wrong with brackets that have no partner', () => {
    expect(globProblem('edge-[a')).toContain('bracket without its partner');
    expect(globProblem('edge-a]')).toContain('bracket without its partner');
    expect(globProblem('edge-[]')).toContain('bracket without its partner');
    expect(globProblem('edge-[!ab]*?')).toBeNull();
  });

  test('answers at once whatever it is made of', () => {
    expect(matchesGlob(`${'*a'.repeat(500)}b`, 'a'.repeat(5_000))).toBe(false);
  });

  test('matches what the same pattern as a regular expression matches', () => {
    const piece = fc.constantFrom('*', '?', 'a', 'b', '-', '[ab]', '[!a]', '[a-c]');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 8 }),
        (pieces, name) => {
          const source = pieces.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : part.replace('[!', '[^'))).join('');
          expect(matchesGlob(pieces.join(''), name)).toBe(new RegExp(`^${source}$`).test(name));
        },
      ),
    );
  });
});

test('what a selector means is what is left when each of its fields has struck out what does not hold', () => {
  const tag = fc.constantFrom('a', 'b', 'c');
  const tags = fc.uniqueArray(tag, { maxLength: 3 });
  const anyTarget = fc.record({
    name: fc.string({ unit: fc.constantFrom('x', 'y', '1'), minLength: 1, maxLength: 4 }),
    kind: fc.constantFrom('ssh', 'device'),
    tags,
    attributes: fc.record({ site: fc.constantFrom('ber', 'fra'), rack: fc.constantFrom(1, '1', true) }, { requiredKeys: [] }),
    enabled: fc.boolean(),
  });
  const anySelector = fc.record(
    {
      names: fc.array(fc.constantFrom('x*', '?', '*1', 'xy'), { maxLength: 2 }),
      kind: fc.constantFrom('ssh', 'device'),
      tags,
      any_tags: tags,
      not_tags: tags,
      site: fc.constantFrom('ber', 'fra'),
      rack: fc.constantFrom('1', 1, 'true'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.uniqueArray(anyTarget, { selector: ({ name }) => name, maxLength: 12 }), anySelector, (targets, selector) => {
      let left = targets.filter(({ enabled }) => enabled);
      const { names, kind, tags: all, any_tags, not_tags, site, rack } = selector;
      if (names) left = left.filter(({ name }) => names.some((glob) => matchesGlob(glob, name)));
      if (kind) left = left.filter((one) => one.kind === kind);
      for (const one of all ?? []) left = left.filter((other) => other.tags.includes(one));
      if (any_tags) left = left.filter((one) => any_tags.filter((wanted) => one.tags.includes(wanted)).length > 0);
      for (const one of not_tags ?? []) left = left.filter((other) => !other.tags.includes(one));
      if (site) left = left.filter(({ attributes }) => attributes.site === site);
      if (rack) left = left.filter(({ attributes }) => `${attributes.rack}` === `${rack}`);
      expect(selectTargets(targets, selector)).toEqual(left.map(({ name }) => name).sort());
    }),
  );
});
