import { expect, test } from 'vitest';
import { type EarlierStep, earlierStates } from './earlier-states.ts';

const row = (key: string, over: Partial<EarlierStep> = {}): EarlierStep => ({
  key,
  parent_key: null,
  status: 'completed',
  skip_reason: null,
  error: null,
  outputs: {},
  target: null,
  targets: null,
  item: null,
  parts: null,
  number: 12,
  ...over,
});
const part = (n: number, over: Partial<EarlierStep> = {}) => row(`f[${n}]`, { parent_key: 'f', ...over });

test('rows say where the steps of a run stood', () => {
  const error = { type: 'exit_code', message: 'ended with 3' } as const;
  expect(
    earlierStates([
      row('a', { outputs: { n: 1 } }),
      row('b', { status: 'failed', error }),
      row('c', { status: 'skipped', skip_reason: 'condition', outputs: null }),
      row('d', { status: 'skipped', outputs: null }),
      row('e', { status: 'lost' }),
    ]),
  ).toEqual({
    a: { status: 'completed', outputs: { n: 1 }, keptFrom: 12 },
    b: { status: 'failed', error, tolerated: false },
    c: { status: 'skipped', reason: 'condition', keptFrom: 12 },
    d: { status: 'skipped', reason: 'upstream_failed', keptFrom: 12 },
    e: { status: 'lost', error: { type: 'internal', message: 'its error was not recorded' }, tolerated: false },
  });
});

test('a step without a known end, or without what it handed on, is left out', () => {
  expect(earlierStates([row('a', { status: 'running' }), row('b', { outputs: null })])).toEqual({});
});

test('a step in parts has one for each of its targets or items, also those that nothing happened to', () => {
  const failed = { status: 'failed', outputs: null } as const;
  const states = earlierStates([
    row('f', { ...failed, targets: ['x', 'y', 'z'], parts: 3 }),
    part(2, { target: 'z', outputs: { at: 'z' }, number: 7 }),
    part(0, { ...failed, target: 'x' }),
    row('g', { outputs: [{ n: 1 }], parts: 2 }),
    { ...part(0, { item: 'i', outputs: { n: 1 } }), key: 'g[0]', parent_key: 'g' },
  ]);
  expect(states.f?.parts).toMatchObject([
    { target: 'x', state: { status: 'failed' } },
    { target: 'y' },
    { target: 'z', state: { status: 'completed', outputs: { at: 'z' }, keptFrom: 7 } },
  ]);
  expect(states.f?.parts?.[1]?.state).toBeUndefined();
  expect(states.g).toEqual({
    status: 'completed',
    outputs: {},
    keptFrom: 12,
    parts: [{ item: 'i', state: { status: 'completed', outputs: { n: 1 }, keptFrom: 12 } }, {}],
  });
});
