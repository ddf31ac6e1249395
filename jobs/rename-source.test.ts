import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renamedSource } from './rename-source.ts';
import { readSource } from './source.ts';

describe('a definition under another name', () => {
  test.each([
    ['plain', 'name: old # why\nsteps: []\n', 'name: new # why\nsteps: []\n'],
    ['quoted', 'name: "old"\n', 'name: "new"\n'],
    [
      'not first, among others that look like it',
      'title: "name: old"\nsteps: [{ name: old }]\nname: old',
      'title: "name: old"\nsteps: [{ name: old }]\nname: new',
    ],
    ['JSON with tabs', '{\n\t"steps": [],\n\t"name":\t"old"\n}', '{\n\t"steps": [],\n\t"name":\t"new"\n}'],
    ['on one line', '{ name: old, title: x }', '{ name: new, title: x }'],
    ['an alias', 'title: &n old\nname: *n\n', 'title: &n old\nname: new\n'],
  ])('%s', (_what, before, after) => {
    expect(renamedSource(before, 'new')).toBe(after);
  });

  test('a name that other places share is refused, as is a text without one', () => {
    expect(() => renamedSource('name: &n old\ntitle: *n\n', 'new')).toThrow('other places share it');
    expect(() => renamedSource('title: x\n', 'new')).toThrow('is missing');
  });

  test('whatever the name, it is read as that text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/), (name) => {
        expect(readSource(renamedSource('name: old\n', name)).value).toEqual({ name });
      }),
    );
    for (const name of ['true', 'null', 'false', '1', '0x1f', '1e3', '007', '1.5', 'no', '2026-11-22', 'nan', 'inf']) {
      expect(readSource(renamedSource('name: old\n', name)).value).toEqual({ name });
    }
  });
});
