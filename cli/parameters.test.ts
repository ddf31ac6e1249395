import { expect, test } from 'vitest';
import { parseParameters } from './parameters.ts';

const schemas = { site: { type: 'string' }, count: { type: 'integer' }, hosts: { type: 'array' }, dry: { type: 'boolean' } };

test('a value is text where the job wants text, and JSON elsewhere', () => {
  expect(parseParameters(['site=42', 'count=42', 'hosts=["a","b"]', 'dry=true'], schemas)).toEqual({
    site: '42',
    count: 42,
    hosts: ['a', 'b'],
    dry: true,
  });
});

test('only the first = separates, and a value may be empty', () => {
  expect(parseParameters(['site=a=b', 'other='], schemas)).toEqual({ site: 'a=b', other: '' });
});

test('a word without a name is a usage error', () => {
  expect(() => parseParameters(['=x'], schemas)).toThrow('-p =x: expected name=value');
  expect(() => parseParameters(['site'], schemas)).toThrow('expected name=value');
});
