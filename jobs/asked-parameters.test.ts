import { expect, test } from 'vitest';
import { askedParameters } from './asked-parameters.ts';
import { resolveParameters } from './parameters.ts';

const schemas = {
  // As a database that sorts keys gives them back: what a condition reads stands after it.
  b: { type: 'string', visible_if: '${{ parameters.loud && parameters.volume > 3.0 }}', default: 'x' },
  loud: { type: 'boolean', default: false },
  volume: { type: 'number', visible_if: '${{ parameters.loud }}', default: 1 },
} as const;

test('who is asked follows from what was given, in whatever order the parameters are stored', () => {
  expect([...askedParameters(schemas, {})]).toEqual(['loud']);
  expect([...askedParameters(schemas, { loud: true })].toSorted()).toEqual(['loud', 'volume']);
  expect([...askedParameters(schemas, { loud: true, volume: 5.5 })].toSorted()).toEqual(['b', 'loud', 'volume']);
  expect(resolveParameters(schemas, { loud: true, volume: 5.5, b: 'y' })).toEqual({ b: 'y', loud: true, volume: 5.5 });
});

test('what cannot be told yet is not asked for, and a start says why', () => {
  const open = { who: { type: 'string' }, more: { type: 'string', visible_if: "${{ parameters.who == 'me' }}" } } as const;
  expect([...askedParameters(open, {})]).toEqual(['who']);
  expect(() => resolveParameters(open, {})).toThrow(/who/);
});

test('a parameter whose name is a part of other words holds up no condition', () => {
  const short = {
    first: { type: 'string', visible_if: '${{ !has(parameters.last) }}' },
    last: { type: 'string', visible_if: '${{ parameters.base }}', default: 'z' },
    e: { type: 'string', visible_if: '${{ parameters.last == "z" }}' },
    base: { type: 'boolean', default: true },
  } as const;
  expect([...askedParameters(short, {})].toSorted()).toEqual(['base', 'e', 'last']);
});
