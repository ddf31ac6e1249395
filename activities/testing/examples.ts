import { expect, test } from 'vitest';
import type { StepExample, StepSpec } from '#jobs/step.ts';
import type { ActivityStepType } from '../catalog.ts';
import { STEPS } from '../index.ts';
import type { Asked, TestWorker } from './worker.ts';

/** Makes a test of every example that a step type documents; `adapt` puts the test's own peers in their place. */
export function testExamples(
  type: ActivityStepType,
  worker: () => TestWorker,
  asked: Asked,
  adapt: (config: StepExample['config']) => StepExample['config'] = (config) => config,
): void {
  const { examples }: StepSpec = STEPS[type].spec;
  test.each(examples)('example: $title', async ({ config, secrets = {}, expect: expected, fails }) => {
    const run = await worker().newRun();
    const ended = worker().attempt(type, adapt(config), { ...asked, secrets, run });
    if (fails === undefined) {
      await ended;
      const { status, result } = await worker().step(run);
      expect(status).toBe('completed');
      expect(result).toMatchObject(expected ?? {});
    } else {
      await expect(ended).rejects.toMatchObject({ type: fails });
      expect((await worker().step(run)).error).toMatchObject({ type: fails });
    }
  });
}
