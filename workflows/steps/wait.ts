import { proxyLocalActivities } from '@temporalio/workflow';
import type { waitDuration } from '#activities/wait-duration/spec.ts';
import type { waitUntil as waitUntilSpec } from '#activities/wait-until/spec.ts';
import type { HoldMove } from '#jobs/holds/kind.ts';
import { waitFor, waitUntil } from '#jobs/holds/timer.ts';
import type { ConfigOf } from '#jobs/step.ts';
import type { LocalTimeCall } from '../messages.ts';
import type { OpenRun } from '../open-run.ts';

const { resolveLocalTime } = proxyLocalActivities<{ resolveLocalTime(call: LocalTimeCall): Promise<number> }>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 5, initialInterval: '200ms' },
});

/** Waits a while. */
export const beginDuration = (_run: OpenRun, _key: string, { duration }: ConfigOf<typeof waitDuration>): HoldMove =>
  waitFor(duration, Date.now());

/** Waits until a moment; what the clocks of a zone say is looked up by a worker, since zone data change and a replay must not. */
export function beginUntil(
  run: OpenRun,
  _key: string,
  { at, local, timezone }: ConfigOf<typeof waitUntilSpec>,
): HoldMove | Promise<HoldMove> {
  if (local === undefined) return waitUntil(Date.parse(at ?? ''), Date.now());
  return resolveLocalTime({ local, timezone: timezone ?? run.input.plan.timezone ?? 'UTC' }).then((moment) =>
    waitUntil(moment, Date.now()),
  );
}
