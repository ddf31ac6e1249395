import { ApplicationFailure } from '@temporalio/activity';
import { closedWindows } from '#db/queries/calendars/closed-windows.ts';
import { closedError } from '#jobs/holds/window.ts';
import type { SpecsByType } from '#jobs/step.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { StepCall } from '#workflows/messages.ts';
import { STEP_SPECS } from '../catalog.ts';
import { patiently } from './history.ts';
import type { WorkerParts } from './worker-parts.ts';

const SPECS: SpecsByType = STEP_SPECS;

/** What an attempt that must not begin ends with, since a target of its step is outside of its maintenance windows; null: it may begin. `made`: attempts of this call before it. */
export async function outsideWindows({ database }: WorkerParts, call: StepCall, made: number, signal: AbortSignal): Promise<Error | null> {
  const also = (SPECS[call.step.type]?.also_targets ?? []).map((field) => call.config[field]).filter((name) => typeof name === 'string');
  const targets = call.target === null ? also : [call.target, ...also];
  if (targets.length === 0) return null;
  const now = Date.now();
  const closed = await patiently(signal, () => closedWindows(database.sql, call.project, targets, zoneData(), now));
  // All of them must be open: the last to open is waited for.
  const last = closed.toSorted((a, b) => (a.opensAt ?? Infinity) - (b.opensAt ?? Infinity)).at(-1);
  if (last === undefined) return null;
  const error = closedError(last, now);
  return ApplicationFailure.create({ message: error.message, type: error.type, details: [error, made], nonRetryable: true });
}
