import { expect, test } from 'vitest';
import { FIRST_STEPS, type FirstFacts, ticked } from './first-steps.ts';

const nothing: FirstFacts = { credentials: [], targets: [], jobs: [], completed: [], schedules: [] };

test('what came as a sample ticks nothing', () => {
  expect(
    ticked({
      ...nothing,
      credentials: [{ sample: true }],
      targets: [{ sample: true, last_check: { healthy: true } }],
      jobs: [{ sample: true, name: 'sample' }],
      completed: [{ sample: true }],
    }),
  ).toEqual(new Set());
});

test('a target ticks once its connection was tested and held', () => {
  const target = (last_check: { healthy: boolean } | null) => ticked({ ...nothing, targets: [{ sample: false, last_check }] });
  expect([...target(null), ...target({ healthy: false })]).toEqual([]);
  expect([...target({ healthy: true })]).toEqual(['target']);
});

test('all are ticked from what there is', () => {
  const all: FirstFacts = {
    credentials: [{ sample: false }],
    targets: [{ sample: false, last_check: { healthy: true } }],
    jobs: [{ sample: false, name: 'a' }],
    completed: [{ sample: false }],
    schedules: [{}],
  };
  expect([...ticked(all)]).toEqual([...FIRST_STEPS]);
});
