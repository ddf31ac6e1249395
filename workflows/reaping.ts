import { ActivityFailure, proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import { REAP_QUEUE, type ReapCall, type ReapReport, type StepCall } from './messages.ts';
import type { OpenRun } from './open-run.ts';

/** What a step in flight may leave on its target, and the answer of whoever was sent to end it, once somebody was. */
export interface Remains {
  readonly call: ReapCall;
  found?: Promise<Found>;
}

/** What was found and done, or why nobody got there. */
export type Found = ReapReport | { readonly unreached: string };

/**
 * A step ends what it runs by itself when it hears of the wish, within a second, and then needs its own grace; whoever has not ended by then
 * may have no worker any more. Sooner, the two would get in each other's way.
 */
const PATIENCE_MS = 2_250;
/** With the patience, the way to the host and the proof this is less than five seconds. */
const GRACE_MS = 1_000;

const { reapStep } = proxyActivities<{ reapStep(call: ReapCall): Promise<ReapReport> }>({
  taskQueue: REAP_QUEUE,
  startToCloseTimeout: '90s',
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout: '10s',
  // A host that cannot be reached is looked after later, when the run has ended.
  retry: { maximumAttempts: 5, initialInterval: '500ms', backoffCoefficient: 3, maximumInterval: '15s' },
  // Before what janitors clear away.
  priority: { priorityKey: 1 },
});

const { mayHaveLeft } = proxyLocalActivities<{ mayHaveLeft(call: ReapCall): Promise<boolean> }>({
  startToCloseTimeout: '5s',
  retry: { initialInterval: '100ms', maximumAttempts: 3 },
});

const NOTHING: ReapReport = { ended: true, tier: null, signals: [], pids: [], left: [] };

/** Keeps in mind what the step may leave on its target; null when its work ends with its worker. */
export function expectRemains(run: OpenRun, { run: id, project, key, step, target }: StepCall): Remains | null {
  if (!step.reattaches || step.inline || target === null) return null;
  const remains: Remains = { call: { run: id, project, key, type: step.type, target, graceMs: GRACE_MS } };
  run.remains.set(key, remains);
  return remains;
}

/** The step has ended, so that nobody needs to be sent any more. */
export function forgetRemains(run: OpenRun, key: string, remains: Remains | null): void {
  if (remains !== null && run.remains.get(key) === remains) run.remains.delete(key);
}

/** Sends somebody to the targets of all steps, or of these, that have not ended soon after they were asked to, at a time in epoch milliseconds where it is known. */
export function reapLaggards(run: OpenRun, askedAt: number | null, keys?: readonly string[]): void {
  const asked = [...run.remains.values()].filter(({ call }) => keys?.includes(call.key) ?? true);
  if (asked.length === 0) return;
  // A run whose worker died hears of the wish late, since Temporal first waits for that worker.
  const since = askedAt === null ? 0 : Date.now() - askedAt;
  const patience = Math.min(PATIENCE_MS, Math.max(0, PATIENCE_MS - since));
  void run.shielded.run(async () => {
    if (patience > 0) await sleep(patience);
    for (const remains of asked) if (run.remains.get(remains.call.key) === remains) void reap(run, remains);
  });
}

/** Ends what the step left, whatever was cancelled; once for all who ask. */
export function reap(run: OpenRun, remains: Remains): Promise<Found> {
  remains.found ??= run.shielded.run(() => endRemains(remains.call)).catch((error: unknown) => ({ unreached: reasonOf(error) }));
  return remains.found;
}

/** A step that never began has nothing to end, and perhaps waits for a worker that is not there to end anything either. */
async function endRemains(call: ReapCall): Promise<ReapReport> {
  const mayLive = await mayHaveLeft(call).catch(() => true);
  return mayLive ? reapStep(call) : NOTHING;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
