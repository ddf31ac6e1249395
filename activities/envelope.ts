import { ApplicationFailure, Context } from '@temporalio/activity';
import type { RemoteWork } from '#db/queries/remote-work.ts';
import type { InlineCall, InlineReport, ReapCall, ReapReport, StepCall, StepReport } from '#workflows/messages.ts';
import { createTargetLooks, type TargetLooks } from './bookkeeping/check-targets.ts';
import { attemptStep, type Step } from './envelope/attempt.ts';
import { carryOutInline } from './envelope/inline-steps.ts';
import { createLogSink } from './envelope/log-sink.ts';
import { OverrideWatch } from './envelope/override-watch.ts';
import { clearTarget, reapStep } from './envelope/reap.ts';
import { createRecorder } from './envelope/recorder.ts';
import { createSessionSink } from './envelope/session-sink.ts';
import { createStepRows } from './envelope/step-rows.ts';
import type { WorkerParts } from './envelope/worker-parts.ts';
import { SshPool } from './transports/ssh/pool.ts';

/** What a worker gives its steps to work with. */
export type StepDeps = Pick<WorkerParts, 'database' | 'keyRing' | 'workerId' | 'config' | 'log'>;

/** What looks after work that outlives its worker. */
export interface Reaping {
  reapStep(call: ReapCall): Promise<ReapReport>;
  clearTarget(works: readonly RemoteWork[]): Promise<number>;
}

export interface Envelope {
  /** The activity that carries out a step of this type. */
  around(step: Step): (call: StepCall) => Promise<StepReport>;
  /** The local activity that carries out rows of inline steps of these types. */
  inline(steps: { readonly [type: string]: Step }): (call: InlineCall) => Promise<InlineReport>;
  /** The activities that end what steps of these types left on their targets. */
  reaping(steps: { readonly [type: string]: Step }): Reaping;
  /** The activities that find how targets are. */
  readonly looks: TargetLooks;
  /** Writes what is still unwritten and ends all connections; to be called once no step runs any more. */
  close(): Promise<void>;
}

/** Longest wait for a database that does not answer while the worker leaves. */
const CLOSING_MS = 10_000;

/** What surrounds every step of a worker: secrets, log, heartbeat, cancellation, time limit, masking, rows and failures. */
export function createEnvelope(deps: StepDeps): Envelope {
  const { database, config, log } = deps;
  const recorder = createRecorder(database.sql, log);
  const logs = createLogSink(database.sql, log);
  const rows = createStepRows(database.sql, log);
  const sessions = createSessionSink(database.sql, deps.workerId, log);
  const ssh = new SshPool(config.ssh, sessions);
  const worker: WorkerParts = { ...deps, recorder, logs, rows, overrides: new OverrideWatch(database.sql), ssh };
  return {
    around: (step) => (call) => attemptStep(worker, step, call, Context.current()),
    inline: (steps) => (call) =>
      carryOutInline(
        database.sql,
        (step, context, readRows) => attemptStep(worker, stepOf(steps, step), step, context, readRows),
        call,
        Context.current(),
      ),
    reaping: (steps) => ({
      reapStep: (call) => reapStep(worker, steps, call, Context.current()),
      clearTarget: (works) => clearTarget(worker, steps, works, Context.current()),
    }),
    looks: createTargetLooks(worker),
    close: async () => {
      ssh.close();
      const written = Promise.all([recorder.flush(), logs.flush(), rows.flush(), sessions.flush()]);
      await Promise.race([written, new Promise((resolve) => setTimeout(resolve, CLOSING_MS).unref())]);
    },
  };
}

function stepOf(steps: { readonly [type: string]: Step }, { step: { type } }: StepCall): Step {
  const step = Object.hasOwn(steps, type) ? steps[type] : undefined;
  if (!step) throw ApplicationFailure.nonRetryable(`no step type ${type}`, 'invalid_input');
  return step;
}
