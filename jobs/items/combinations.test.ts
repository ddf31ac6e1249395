import { describe, expect, test } from 'vitest';
import { combinationsOf, countOfAxes } from './combinations.ts';

describe('a matrix', () => {
  const axes = { fruit: ['apple', 'pear'], animal: ['cat', 'dog'] };
  const of = (more: Partial<Parameters<typeof combinationsOf>[0]>) => combinationsOf({ axes, include: [], exclude: [], ...more });

  test('has every combination, the last axis changing fastest', () => {
    expect(of({})).toEqual([
      { fruit: 'apple', animal: 'cat' },
      { fruit: 'apple', animal: 'dog' },
      { fruit: 'pear', animal: 'cat' },
      { fruit: 'pear', animal: 'dog' },
    ]);
    expect(countOfAxes({ axes })).toBe(4);
  });

  test('loses what it excludes, by some fields or all, before anything is included', () => {
    expect(of({ exclude: [{ fruit: 'apple' }, { fruit: 'pear', animal: 'cat' }] })).toEqual([{ fruit: 'pear', animal: 'dog' }]);
    expect(of({ exclude: [{ fruit: 'apple' }], include: [{ fruit: 'apple', animal: 'cat' }] })).toContainEqual({
      fruit: 'apple',
      animal: 'cat',
    });
  });

  test('takes what it includes as GitHub Actions does', () => {
    const include = [
      { color: 'green' },
      { color: 'pink', animal: 'cat' },
      { fruit: 'apple', shape: 'circle' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ];
    expect(of({ include })).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  test('without axes is what it includes, and with an empty one nothing', () => {
    expect(of({ axes: {}, include: [{ site: 'ber' }, { site: 'fra' }] })).toEqual([{ site: 'ber' }, { site: 'fra' }]);
    expect(of({ axes: { ...axes, none: [] } })).toEqual([]);
  });

  test('compares values as values, objects whatever the order of their fields', () => {
    const hosts = { host: [{ name: 'a', port: 1 }] };
    expect(of({ axes: hosts, exclude: [{ host: { port: 1, name: 'a' } }] })).toEqual([]);
  });
});
