import type { Json } from '#jobs/json.ts';
import type { ConfigOf, ResultOf, StepSpec } from '#jobs/step.ts';
import type { SshSession } from './transports/ssh/session.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The log of one step. Everything written is masked, numbered and stored by line; writing waits when storage falls behind. */
export interface StepLog {
  /** Raw bytes of a stream, in any split; resolves when the writer has room again. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>;
  /** One line of the step's own, e.g. "connected to core-fra in 12 ms". */
  line(level: LogLevel, text: string): Promise<void>;
  /** The last ≤ 4 KiB of each stream, masked, for the result; to be asked once the output has ended. */
  tail(): { readonly stdout: string; readonly stderr: string };
}

/** `local_exec`: programs may run on the worker itself; `http_allow`: private destinations that requests may reach. */
export interface WorkerPermits {
  readonly local_exec: boolean;
  readonly http_allow: readonly string[];
}

/** All that a step may touch while it runs: no database, no secret store, no logger of its own. */
export interface StepContext {
  readonly run: string;
  /** The step's key in the run; with `run` it is the stable identity of the effect. */
  readonly key: string;
  /** Which attempt this is, 1-based, across in-place retries. */
  readonly attempt: number;
  /** Aborted when the run is cancelled, the step times out, or the worker shuts down. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly log: StepLog;
  /** What this worker's configuration lets its steps do. */
  readonly permits: WorkerPermits;
  /** Secrets the definition bound to this step, by environment name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Remembers where the work stands; rides in the next heartbeat and reaches the next attempt. */
  checkpoint(state: Json): void;
  /** What the last checkpoint of an earlier attempt held. */
  resumeFrom(): Json | null;
  /** Progress 0–100 of this step, shown live; never goes backwards. */
  progress(percent: number, message?: string): void;
  /** A session on the step's target, host key verified, returned to its pool when the step ends. */
  ssh(): Promise<SshSession>;
}

/** What a step type does: its config in, its result out, failures thrown as `StepFailure`. */
export type Run<S extends StepSpec> = (config: ConfigOf<S>, step: StepContext) => Promise<ResultOf<S>>;
