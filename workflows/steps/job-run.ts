import { defineSignal, getExternalWorkflowHandle, proxyLocalActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { jobRun } from '#activities/job-run/spec.ts';
import { attemptsBefore, type RunState, stepAt } from '#jobs/apply-event.ts';
import { parseDuration } from '#jobs/duration.ts';
import type { HoldMove } from '#jobs/holds/kind.ts';
import { beginRunHold, type RunHold, toldOf, withEnd } from '#jobs/holds/run-hold.ts';
import type { JsonObject } from '#jobs/json.ts';
import { wholeOf } from '#jobs/parts.ts';
import type { ConfigOf } from '#jobs/step.ts';
import { SUB_RUN_SIGNAL, type SubRunCall, type SubRunEnded, type SubRunReport, type SubRunSeen, type SubRunStop } from '../messages.ts';
import type { OpenRun } from '../open-run.ts';

interface SubRuns {
  startSubRun(call: SubRunCall): Promise<SubRunReport>;
  lookAtSubRun(run: string): Promise<SubRunSeen | null>;
  stopSubRun(stop: SubRunStop): Promise<void>;
}

const retry = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' } as const;
const { startSubRun } = proxyLocalActivities<SubRuns>({ startToCloseTimeout: '20s', retry });
/** Its own run does not end before. */
const { stopSubRun } = proxyLocalActivities<SubRuns>({ startToCloseTimeout: '20s', scheduleToCloseTimeout: '5m', retry });
/** It is looked at again soon in any case. */
const { lookAtSubRun } = proxyLocalActivities<SubRuns>({ startToCloseTimeout: '10s', retry: { maximumAttempts: 2 } });

const subRunEnded = defineSignal<[SubRunEnded]>(SUB_RUN_SIGNAL);

/** What a run has to do with those its steps have started, while its workflow is in memory. */
interface Dealings {
  /** Those that have told of their ends, some of them before the step that waits for them has heard that they were accepted. */
  readonly told: Set<string>;
  /** Those that are being told to stop. */
  readonly stopping: Set<Promise<void>>;
}

const dealings = new WeakMap<OpenRun, Dealings>();

function dealingsOf(run: OpenRun): Dealings {
  const known = dealings.get(run) ?? { told: new Set(), stopping: new Set() };
  dealings.set(run, known);
  return known;
}

/** Has the run of another job accepted and started, and waits for its end if that is wanted. Throws a RangeError for a time limit that is none. */
export function beginJobRun(run: OpenRun, key: string, config: ConfigOf<typeof jobRun>): Promise<HoldMove> {
  const { job, wait = true, on_cancel = 'cancel', timeout } = config;
  const now = Date.now();
  const limitMs = timeout === undefined ? null : parseDuration(timeout);
  const call: SubRunCall = {
    run: run.input.run,
    project: run.input.project,
    key,
    attempt: attemptsBefore(run.state, key),
    job,
    ...wanted(run, key, config),
    parameters: (config.parameters ?? {}) as JsonObject,
    ...(wait && { tells: { workflow_id: workflowInfo().workflowId, key } }),
  };
  // A cancel on the way stops what was started, and so must know of it.
  return run.shielded.run(async () => {
    const { run: id, number } = await startSubRun(call);
    if (!wait) return { to: 'complete', result: { run: id, number, job, status: 'queued', outputs: {} } };
    const until = limitMs === null ? null : now + limitMs;
    const begun = beginRunHold({ job, run: id, number, until, onCancel: on_cancel }, now);
    return { to: 'hold', hold: dealingsOf(run).told.delete(id) ? toldOf(begun) : begun };
  });
}

/** The version that was settled when the run was accepted, and what the definition asks for. */
function wanted({ input }: OpenRun, key: string, { version, tag }: ConfigOf<typeof jobRun>): Pick<SubRunCall, 'version' | 'asked'> {
  const asked = version !== undefined ? { version } : tag !== undefined ? { tag } : null;
  const fixed = input.subJobs ? (input.subJobs[wholeOf(key) ?? key] ?? null) : version;
  return { ...(fixed !== undefined && { version: fixed }), ...(asked && { asked }) };
}

/** Lets the runs that steps of this one wait for tell of their ends, and stops those that nobody waits for any more. */
export function listenForSubRuns(run: OpenRun): void {
  setHandler(subRunEnded, ({ run: id, key }) => {
    dealingsOf(run).told.add(id);
    run.tell({ events: whileHeld(id, key, toldOf) });
  });
  run.onLeft = (hold) => stop(run, hold);
}

/** Does what a wait for a run asks for, now that its moment has come: looks at that run's row, or stops it; answers with the key when its row is to be told. */
export function tendRun(run: OpenRun, key: string, hold: RunHold): string | null {
  const before = stepAt(run.state, key);
  const isToBeStopped = before?.status === 'held' && before.hold.kind === 'run' && before.hold.stopBy === null;
  run.apply({ type: 'step_held', key, hold });
  if (isToBeStopped) stop(run, hold);
  else look(run, key, hold);
  return isToBeStopped ? key : null;
}

function look(run: OpenRun, key: string, { run: id }: RunHold): void {
  run.shielded
    .run(() => lookAtSubRun(id))
    .then(
      (seen) => {
        if (seen === null) return;
        const ended = { status: seen.status, error: seen.error_message, outputs: seen.outputs };
        run.tell({ events: whileHeld(id, key, (hold) => withEnd(hold, ended)) });
      },
      () => undefined,
    );
}

function stop(run: OpenRun, { run: id }: RunHold): void {
  const { run: parent, project } = run.input;
  const { stopping } = dealingsOf(run);
  const by = { actor: run.wish.actor ?? 'system', reason: run.wish.reason ?? `the step of run ${parent} that waited for it has ended` };
  const key = `${id} stops`;
  run.inFlight.add(key);
  const stopped = run.shielded
    .run(() => stopSubRun({ run: id, project, by }))
    // Whether it has stopped is looked at all the same.
    .catch(() => undefined)
    .then(() => {
      stopping.delete(stopped);
      run.inFlight.delete(key);
      run.tell({ events: [] });
    });
  stopping.add(stopped);
}

/** Waits until all runs have been told to stop that nobody waits for any more. */
export const untilStopsAreTold = async (run: OpenRun): Promise<void> => {
  const { stopping } = dealingsOf(run);
  if (stopping.size > 0) await Promise.all(stopping);
};

/** What changes a step's wait for this run, if it still waits for it when its turn has come. */
const whileHeld =
  (id: string, key: string, change: (hold: RunHold) => RunHold) =>
  (state: RunState): readonly [] | readonly [{ readonly type: 'step_held'; readonly key: string; readonly hold: RunHold }] => {
    const step = stepAt(state, key);
    if (step?.status !== 'held' || step.hold.kind !== 'run' || step.hold.run !== id) return [];
    return [{ type: 'step_held', key, hold: change(step.hold) }];
  };

/** Tells the run that waits for this one that it has ended; it finds out by itself if it cannot be told. */
export async function tellParent({ input: { run, parent } }: OpenRun): Promise<void> {
  if (parent === undefined) return;
  const told: SubRunEnded = { run, key: parent.key };
  await getExternalWorkflowHandle(parent.workflow_id)
    .signal(subRunEnded, told)
    .catch(() => undefined);
}
