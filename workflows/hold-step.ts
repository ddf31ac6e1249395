import type { Decision } from '#jobs/next-steps.ts';
import type { OpenRun } from './open-run.ts';

/** Begins a step that the run carries out by itself. */
export function holdStep(run: OpenRun, { key }: Extract<Decision, { do: 'hold' }>): void {
  run.apply({ type: 'step_held', key, hold: { kind: 'timer', until: Date.now() } });
}
