import { describe, expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { validateDefinition } from '../definition.ts';
import type { Json } from '../json.ts';

/** What is said of a job with one step of these fields, or two of them. */
const said = (step: object, ...more: readonly object[]) =>
  validateDefinition(
    { name: 'a-job', parameters: { sites: { type: 'array', items: { type: 'string' } } }, steps: [step, ...more] } as Json,
    STEP_SPECS,
  ).problems.map(({ pointer, message }) => `${pointer} ${message.slice(message.indexOf(': ') + 2)}`);
const echo = { id: 'each', type: 'local.exec', config: { command: 'echo' } };
const at = (text: string) => ({ config: { command: 'echo "$AT"', environment: { AT: text } } });

describe('items of a step', () => {
  test.each([
    ['a list', { foreach: ['ber', 1, null, { a: 1 }], ...at('#${{ index + 1 }}') }],
    ['a parameter', { foreach: '${{ parameters.sites }}', ...at('${{ item.lowerAscii() }} ${{ index }}') }],
    [
      'objects',
      {
        foreach: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        ...at('${{ item.host }}:${{ item.port + 1 }}'),
      },
    ],
    ['a matrix', { matrix: { site: '${{ parameters.sites }}', n: [1, 2] }, ...at('${{ matrix.site }}${{ matrix.n + index }}') }],
    ['a matrix with more', { matrix: { n: [1], include: [{ n: 2, odd: true }], exclude: [{ n: 1 }] }, ...at('${{ matrix.n }}') }],
    ['harmless words in code', { foreach: ['ber', 'fra'], config: { command: 'echo ${{ item }}' } }],
    [
      'with all that governs them',
      { foreach: [1, 2], max_parallel: 1, order: 'reverse', batch: { size: '10%', pause: '1m' }, fail: { mode: 'stop', tolerate: 1 } },
    ],
    ['their outputs', { foreach: [1, 2], outputs: { n: '${{ item + index }}', code: '${{ result.exit_code }}' } }],
  ])('may be %s', (_, more) => {
    expect(said({ ...echo, ...more })).toEqual([]);
  });

  test('make a list of what is handed on', () => {
    const each = { ...echo, foreach: [1, 2], outputs: { n: '${{ item }}' } };
    expect(said(each, { ...echo, id: 'sum', ...at('${{ string(size(steps.each.outputs)) }} ${{ steps.each.outputs[0].n + 1 }}') })).toEqual(
      [],
    );
    expect(said(each, { ...echo, id: 'sum', ...at('${{ steps.each.outputs.n }}') })).toHaveLength(1);
  });

  test.each([
    [
      'item elsewhere',
      at('${{ item }}'),
      '/steps/0/config/environment/AT there is no variable "item"; expressions here see parameters, steps, run, target, schedule (column 5 of the text)',
    ],
    [
      'item in the condition',
      { foreach: [1], if: 'item == 1' },
      '/steps/0/if there is no variable "item"; expressions here see parameters, steps, run, target, schedule (column 1 of the text)',
    ],
    [
      'item beside a matrix',
      { matrix: { n: [1] }, ...at('${{ item }}') },
      '/steps/0/config/environment/AT there is no variable "item"; expressions here see parameters, steps, run, target, schedule, matrix, index (column 5 of the text)',
    ],
    [
      'an unknown axis',
      { matrix: { site: [1] }, ...at('${{ matrix.sit }}') },
      '/steps/0/config/environment/AT there is no field "sit"; did you mean "site"? (column 12 of the text)',
    ],
    ['a clash of types', { foreach: ['a', 'b'], ...at('${{ item + 1 }}') }, expect.stringContaining('/steps/0/config/environment/AT ')],
    ['no list', { foreach: '${{ parameters.sites[0] }}' }, '/steps/0/foreach it gives string, not array (column 5 of the text)'],
    ['plain text', { foreach: 'ber' }, '/steps/0/foreach "ber" is no list; write a list, or one expression that gives one'],
    ['both', { foreach: [1], matrix: { n: [1] } }, '/steps/0/matrix stands beside foreach; a step has one of the two'],
    ['no axis', { matrix: { exclude: [{ n: 1 }] } }, '/steps/0/matrix has no list to combine; write e.g. { site: [ber, fra] }'],
    [
      'an odd exclusion',
      { matrix: { n: [1], exclude: [1] } },
      '/steps/0/matrix/exclude/0 1 is no combination; write fields, e.g. { site: ber }',
    ],
    [
      'too many combinations',
      { matrix: { a: Array(101).fill(1), b: Array(100).fill(1) } },
      '/steps/0/matrix has 10100 combinations; a step takes at most 10000',
    ],
    [
      'groups of nothing',
      { batch: { size: 2 } },
      '/steps/0/batch steps of type local.exec take no target, and this one has no foreach or matrix',
    ],
    ['a pause that is none', { foreach: [1], batch: { size: 2, pause: '0s' } }, '/steps/0/batch/pause "0s" must be longer than nothing'],
    [
      'several targets',
      { type: 'ssh.exec', config: { command: 'uptime' }, foreach: [1], target: ['a', 'b'] },
      '/steps/0/target stands for several targets; a step with foreach or matrix runs each item on one; write one name, which may hold ${{ item }}',
    ],
  ])('are refused with %s', (_, more, message) => {
    expect(said({ ...echo, ...more })).toEqual([message]);
  });

  test('may each name a target', () => {
    expect(said({ id: 'each', type: 'ssh.exec', foreach: ['a', 'b'], target: 'edge-${{ item }}', config: { command: 'uptime' } })).toEqual(
      [],
    );
  });
});
