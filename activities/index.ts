import type { StepCall, StepReport } from '#workflows/messages.ts';
import { STEP_SPECS, type StepType } from './catalog.ts';
import type { Step } from './envelope/attempt.ts';
import { createEnvelope, type StepDeps } from './envelope.ts';
import { runHttpRequest } from './http-request/run.ts';
import { runLocalExec } from './local-exec/run.ts';
import { runSshExec } from './ssh-exec/run.ts';

/** Every step type with what it does. */
export const STEPS = {
  'ssh.exec': { spec: STEP_SPECS['ssh.exec'], run: runSshExec },
  'local.exec': { spec: STEP_SPECS['local.exec'], run: runLocalExec },
  'http.request': { spec: STEP_SPECS['http.request'], run: runHttpRequest },
} as const satisfies Record<StepType, Step>;

type StepActivities = { readonly [type in StepType]: (call: StepCall) => Promise<StepReport> };

/** The activities of all step types, by type, and how to close what they share once no step runs any more. */
export function createStepActivities(deps: StepDeps): { readonly activities: StepActivities; close(): Promise<void> } {
  const envelope = createEnvelope(deps);
  const activities = Object.fromEntries(Object.entries(STEPS).map(([type, step]) => [type, envelope.around(step)])) as StepActivities;
  return { activities, close: () => envelope.close() };
}
