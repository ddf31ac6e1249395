import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '#jobs/json.ts';
import { variables } from './example-run.ts';
import { render } from './render.ts';

test('a text that is exactly one expression keeps its type; in other texts the value is written out', () => {
  const config = {
    count: '${{ parameters.n }}',
    hosts: ['${{ parameters.hosts[0] }}', 'host ${{ parameters.hosts[0].name }}'],
    line: '${{ parameters.n }} of ${{ parameters.tags }}: ${{ parameters.on }}',
    blank: ' ${{ parameters.n }}',
    fixed: { n: 1, yes: true, none: null },
  };
  expect(render(config, variables)).toEqual({
    count: 7,
    hosts: [{ name: 'a', port: 22 }, 'host a'],
    line: '7 of ["core","edge"]: true',
    blank: ' 7',
    fixed: { n: 1, yes: true, none: null },
  });
});

test('brackets and quotes inside an expression do not end it', () => {
  expect(render('${{ {"a": {"b": "}}"}} }}', {})).toEqual({ a: { b: '}}' } });
  expect(render('${{ \'}}\' }}${{ "${{" }}', {})).toBe('}}${{');
  expect(render('a ${{ "\\"}}" }} b', {})).toBe('a "}} b');
});

test('texts without expressions stay as they are, whatever else they hold', () => {
  const free = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('${{')) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(free, (value) => {
      expect(render(value, {})).toStrictEqual(value);
    }),
  );
});

test('any text can be written with an expression between', () => {
  const text = fc
    .string({ unit: fc.constantFrom('a', '$', '{', '}', '"', "'", '\n', '😀') })
    .filter((value) => !value.includes('${{') && !value.endsWith('$'));
  fc.assert(fc.property(text, text, (a, b) => render(`${a}\${{ parameters.n }}${b}`, variables) === (a + b === '' ? 7 : `${a}7${b}`)));
});

test('a failure names the field it happened in', () => {
  const broken = () => render({ environment: { SITE: ['x', 'at ${{ parameters.nope }}'] } }, variables, { place: 'steps.show.config' });
  expect(broken).toThrow('steps.show.config.environment.SITE[1]: there is no "nope" (column 12 of ${{ parameters.nope }})');
  expect(() => render('a ${{ 1', {})).toThrow('value: "${{" without its "}}" (column 3)');
});

test('a null has no text, so it asks for a decision', () => {
  expect(render('${{ null }}', {})).toBeNull();
  expect(() => render('x${{ null }}', {})).toThrow('is null, which has no text; write ${{ default(null, "") }}');
  expect(render('x${{ default(null, "") }}', {})).toBe('x');
});

test.each(['a\nb', 'a\rb', 'a\0b', 'a b', '$(id)', ';id', '`id`', "'", '"', '😀'])('%j never enters code through an expression', (text) => {
  const code = { code: ['/command'] };
  expect(() => render({ command: 'echo ${{ parameters.text }}' }, { parameters: { text } }, code)).toThrow(
    'may not stand in code; bind it as environment',
  );
  expect(() => render({ command: '${{ parameters.text }}' }, { parameters: { text } }, code)).toThrow('may not stand in code');
  expect(render({ command: 'echo', stdin: '${{ parameters.text }}' }, { parameters: { text } }, code)).toEqual({
    command: 'echo',
    stdin: text,
  });
});

test.each(['ber-1', 'a/b.c:d', 7, 2.5, true])('%j may stand in code', (value) => {
  expect(render({ command: 'echo ${{ parameters.value }}' }, { parameters: { value } }, { code: ['/command'] })).toEqual({
    command: `echo ${value}`,
  });
});

test('rendered texts are bounded together, so a definition cannot multiply a big value', () => {
  const parameters = { text: 'x'.repeat(60_000) };
  const config = Array.from({ length: 20 }, () => '${{ parameters.text }}');
  expect(() => render(config, { parameters })).toThrow('[17]: the rendered values have over 1048576 bytes together');
});
