import { expect, test } from 'vitest';
import type { EarlierStep } from './earlier-states.ts';
import type { Plan } from './plan.ts';
import { givenInputs, onlyStep } from './step-test.ts';

const plan = {
  steps: [
    { id: 'read', needs: [] },
    { id: 'ask', needs: ['read'] },
    { id: 'store', needs: ['ask'] },
    { id: 'after', needs: ['store'] },
  ],
} as unknown as Plan;
const row = (key: string, status: EarlierStep['status'], outputs: EarlierStep['outputs']): EarlierStep => ({
  key,
  parent_key: null,
  status,
  skip_reason: null,
  error: null,
  outputs,
  target: null,
  targets: null,
  item: null,
  parts: null,
  number: 7,
});

test('what is given goes before what was recorded, and only of steps that come before', () => {
  const rows = [row('read', 'completed', { text: 'old' }), row('ask', 'completed', {}), row('after', 'completed', { n: 1 })];
  expect(givenInputs(plan, 'store', rows, { read: { text: 'new' }, after: { n: 2 } })).toEqual({
    read: { status: 'completed', outputs: { text: 'new' } },
    ask: { status: 'completed', outputs: {}, keptFrom: 7 },
  });
});

test('a step that failed in the recorded run hands on nothing', () => {
  expect(givenInputs(plan, 'store', [row('read', 'failed', null)], {})).toEqual({});
});

test('a tried step brings neither handlers nor its undoing along, and is carried out although it is switched off', () => {
  const tried = onlyStep(
    {
      name: 'x',
      steps: [
        { id: 'a', type: 't', enabled: false, compensate: { type: 't' } },
        { id: 'b', type: 't', enabled: false },
      ],
      on_failure: [{ type: 't' }],
      outputs: { o: '1' },
    },
    'a',
  );
  expect(tried).toEqual({
    name: 'x',
    steps: [
      { id: 'a', type: 't' },
      { id: 'b', type: 't', enabled: false },
    ],
  });
});
