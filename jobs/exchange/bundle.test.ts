import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUNDLE_FORMATS } from './bundle.ts';

const { yaml, ndjson } = BUNDLE_FORMATS;
const job = (source: string) => ({ source, format: 'yaml' as const, message: null });
/** A text of lines as definitions have them; none begins a document. */
const source = fc
  .array(fc.constantFrom('name: a', '# why', '', '  - x', 'text: |', '  ---', '-- -', '{ "a": 1 }', 'é'), { minLength: 1, maxLength: 6 })
  .filter((lines) => lines.some((line) => line !== '' && !line.startsWith('#')))
  .map((lines) => `${lines.join('\n')}\n`);

describe('a bundle', () => {
  test('as YAML gives back each text as it was written, and where it begins', () => {
    fc.assert(
      fc.property(fc.array(source, { maxLength: 5 }), (sources) => {
        const text = sources.map((one) => yaml.write(job(one))).join('');
        const read = yaml.parse(text);
        expect(read.map((one) => one.source)).toEqual(sources);
        for (const { source: one, line } of read)
          expect(
            text
              .split('\n')
              .slice(line - 1)
              .join('\n')
              .startsWith(one),
          ).toBe(true);
      }),
    );
  });

  test('as lines of JSON gives back each text to the last sign', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (sources) => {
        const text = sources.map((one) => ndjson.write({ ...job(one), message: 'why' })).join('');
        expect(ndjson.parse(text).map((one) => [one.source, one.message])).toEqual(sources.map((one) => [one, 'why']));
      }),
    );
  });

  test('of YAML by hand is parted at its marks, with or without one at its begin', () => {
    const read = yaml.parse('# all of ours\nname: a\n--- # second\nname: b\n---\n# nothing\n---\n{"name": "c"}');
    expect(read).toMatchObject([
      { source: '# all of ours\nname: a\n', format: 'yaml', line: 1, lines_before: 0 },
      { source: ' # second\nname: b\n', format: 'yaml', line: 3, lines_before: 2 },
      { source: '{"name": "c"}', format: 'json', line: 8, lines_before: 7 },
    ]);
  });

  test('a line of JSON that is no definition is refused by its number', () => {
    expect(() => ndjson.parse('{"source": "name: a"}\n{"name": "b"}\n')).toThrow('line 2');
  });
});
