import { ApplicationFailure } from '@temporalio/activity';
import { hasRemoteWork, type RemoteWork, settleRemoteWork } from '#db/queries/remote-work.ts';
import { NEVER_RETRIED, StepFailure, stepFailure } from '#jobs/failure.ts';
import type { ReapCall, ReapReport } from '#workflows/messages.ts';
import type { Reap } from '../contract.ts';
import type { Step, TemporalAttempt } from './attempt.ts';
import { Heartbeat } from './heartbeat.ts';
import { patiently } from './history.ts';
import { createMasker } from './mask.ts';
import { resourcesOf } from './resources.ts';
import type { WorkerParts } from './worker-parts.ts';

type Steps = { readonly [type: string]: Step };

/** Longest for the processes of one step, and for all that is left over on one target. */
const ONE_STEP_MS = 75_000;
const ONE_TARGET_MS = 240_000;
/** Leftovers of one target that are cleared away at a time. */
const AT_ONCE = 4;
/** Nobody waits for leftovers, and what runs of them was not wanted any more for a while. */
const LEFTOVER_GRACE_MS = 5_000;

const NOTHING: ReapReport = { ended: true, tier: null, signals: [], pids: [], left: [] };

/** Ends what runs of a step on its target; its files stay until the run has ended. */
export async function reapStep(worker: WorkerParts, steps: Steps, call: ReapCall, context: TemporalAttempt): Promise<ReapReport> {
  return supervised(context, ONE_STEP_MS, call.target, async (signal) => {
    // A step that never began has no note.
    if (!(await patiently(signal, () => hasRemoteWork(worker.database.sql, call)))) return NOTHING;
    const reap = await reaperOn(worker, steps, call, signal);
    return reap(call, call.graceMs, false);
  });
}

/** Ends and clears away all of these, which are on one target; answers how many. What cannot be done now stays noted. */
export async function clearTarget(
  worker: WorkerParts,
  steps: Steps,
  works: readonly RemoteWork[],
  context: TemporalAttempt,
): Promise<number> {
  const [first] = works;
  if (first === undefined) return 0;
  const done: RemoteWork[] = [];
  try {
    await supervised(context, ONE_TARGET_MS, first.target, async (signal) => {
      for (const ofType of Map.groupBy(works, ({ type }) => type).values()) {
        const [work] = ofType;
        if (work === undefined) continue;
        const reap = await reaperOn(worker, steps, work, signal);
        const rest = ofType.values();
        const clear = async () => {
          for (const each of rest) if ((await reap(each, LEFTOVER_GRACE_MS, true)).ended) done.push(each);
        };
        await Promise.all(Array.from({ length: AT_ONCE }, clear));
      }
    });
  } finally {
    if (done.length > 0) await settleRemoteWork(worker.database.sql, done);
  }
  return done.length;
}

type ReapOne = (work: Pick<RemoteWork, 'run' | 'key'>, graceMs: number, forget: boolean) => ReturnType<Reap>;

/** Finds the way to the target as a step of the type does. */
async function reaperOn(worker: WorkerParts, steps: Steps, work: RemoteWork, signal: AbortSignal): Promise<ReapOne> {
  const { run, project, key, type, target: name } = work;
  const step = Object.hasOwn(steps, type) ? steps[type] : undefined;
  const reap = step?.reap;
  if (step === undefined || reap === undefined)
    throw stepFailure('invalid_input', `nothing is known of how a step of type ${type} is ended`);
  const call = { run, project, key, target: name, config: {}, step: { type, secrets: {} } };
  const { target, ssh, toMask } = await resourcesOf(worker, step.spec, call, signal);
  if (target === null) throw stepFailure('internal', `${type} has no target`);
  const masker = createMasker(toMask);
  return (one, graceMs, forget) =>
    reap({ run: one.run, key: one.key, signal, ssh, target, graceMs }, forget).catch((error: unknown) => {
      if (!(error instanceof StepFailure)) throw error;
      throw stepFailure(error.type, masker.text(error.message), masker.json(error.details));
    });
}

/** Beats while the work goes on, ends it at its limit, and tells its failure as Temporal understands it. */
async function supervised<T>(
  context: TemporalAttempt,
  limitMs: number,
  target: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const heartbeat = new Heartbeat(context);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(stepFailure('connection', `${target} did not answer in time`)), limitMs);
  const leave = () => stop.abort(stepFailure('lost', 'the worker was shut down'));
  context.cancellationSignal.addEventListener('abort', leave, { once: true });
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const { type, message } = error;
    throw ApplicationFailure.create({ type, message, nonRetryable: NEVER_RETRIED.includes(type) });
  } finally {
    clearTimeout(timer);
    heartbeat.end();
    context.cancellationSignal.removeEventListener('abort', leave);
  }
}
