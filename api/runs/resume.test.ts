import { expect, test } from 'vitest';
import type { StepState } from '#jobs/apply-event.ts';
import { unchosenSteps } from '#jobs/unchosen-steps.ts';
import { planOf } from '../../test/generators/plans.ts';
import { resumeOf } from './resume.ts';

const done = (bytes: number): StepState => ({ status: 'completed', outputs: { text: 'x'.repeat(bytes) }, keptFrom: 1 });

test('a run to whose steps nothing has happened begins with nothing', () => {
  expect(resumeOf({})).toBeUndefined();
  expect(unchosenSteps(planOf([{ id: 'a' }]), null)).toEqual({});
});

test('steps that were not chosen are skipped from the start', () => {
  expect(unchosenSteps(planOf([{ id: 'a' }, { id: 'b' }]), ['b'])).toEqual({ a: { status: 'skipped', reason: 'not_selected' } });
});

test('small results travel along', () => {
  const steps = { a: done(10), b: { status: 'skipped', reason: 'condition' } } as const;
  expect(resumeOf(steps)).toEqual({ steps });
});

test('large ones are named in bunches, each of which can be read at once, in their order', () => {
  const steps = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`s${n}`, done(16_000)]));
  const resume = resumeOf(steps);
  expect(JSON.stringify(resume?.steps).length).toBeLessThan(600_000);
  const unread = resume?.unread ?? [];
  expect(unread.length).toBeGreaterThan(5);
  for (const keys of unread) expect(keys.length * 16_000).toBeLessThanOrEqual(1_000_000);
  const light = Object.entries(resume?.steps ?? {}).filter(
    ([, state]) => 'outputs' in state && Object.keys(state.outputs ?? {}).length === 0,
  );
  expect(unread.flat()).toEqual(light.map(([id]) => id));
});

test('parts are named by their keys, and those of a step in slices all of them', () => {
  const parts = Array.from({ length: 60 }, (_, n) => ({ target: `t${n}`, state: done(16_000) }));
  expect(resumeOf({ f: { ...done(0), parts } as StepState })?.unread?.[0]?.[0]).toMatch(/^f\[\d+\]$/);
  const told = { atWork: 0, over: 300, completed: 300, failed: 0, waiting: [], failedParts: [], errors: [] };
  const outputs = Array.from({ length: 300 }, () => ({ text: 'x'.repeat(6_000) }));
  const slices = [{ from: 0, offset: 0, count: 300, status: 'over', told: { ...told, outputs } }] as const;
  const resume = resumeOf({ f: { ...done(0), parts: outputs.map(() => ({})), slices } });
  expect(resume?.unread?.flat()).toEqual(outputs.map((_, n) => `f[${n}]`));
  expect(resume?.steps.f?.slices?.[0]?.told?.outputs).toEqual([]);
});
