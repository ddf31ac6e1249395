import type { TransferOperation, TransferStatus } from '#db/schema/words.ts';
import type { FailureType } from '#jobs/failure.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import type { ConfigOf, ResultOf, StepSpec, TargetKind } from '#jobs/step.ts';
import type { SshSession } from './transports/ssh/session.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The log of one step. Everything written is masked, numbered and stored by line; writing waits when storage falls behind. */
export interface StepLog {
  /** Raw bytes of a stream, in any split; resolves when the writer has room again. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>;
  /** One line of the step's own, e.g. "connected to core-fra in 12 ms". */
  line(level: LogLevel, text: string): Promise<void>;
  /** Number of the newest line; 0 when there is none. */
  readonly lines: number;
  /** The last ≤ 4 KiB of each stream, masked, for the result; to be asked once the output has ended. */
  tail(): { readonly stdout: string; readonly stderr: string };
  /** Raw bytes of each stream that the store held for certain when this attempt began to take up an execution; 0 in a new one. Output goes on there. */
  readonly stored: StreamOffsets;
  /** Tells what the last bytes of a stream before `stored` were, so that its tail is whole; they are not logged again. To be called before the first `write`. */
  recall(stream: 'stdout' | 'stderr', before: Uint8Array): void;
  /** Resolves once everything written so far is stored; rejects when that cannot be had. */
  settled(): Promise<void>;
}

export interface StreamOffsets {
  readonly stdout: number;
  readonly stderr: number;
}

/** `local_exec`: programs may run on the worker itself; `http_allow`: private destinations that requests may reach; `file_roots`: directories of the worker that transfers may touch. */
export interface WorkerPermits {
  readonly local_exec: boolean;
  readonly http_allow: readonly string[];
  readonly file_roots: readonly string[];
}

/** Which execution of the step this attempt is about. */
export interface Execution {
  /** Number of the attempt that began it; with `run`, `key` and `round` it names the execution on a host. */
  readonly number: number;
  /** An earlier attempt began it and its end was not seen: take it up again, execute anew only if nothing of it is there. */
  readonly reattached: boolean;
}

/** What a step may know of its target. */
export interface TargetFacts {
  readonly name: string;
  readonly kind: TargetKind;
  readonly device_type: string | null;
  /** Directory for what must outlive a connection; null: `~/.capstan`. */
  readonly remote_dir: string | null;
  readonly timezone: string | null;
  readonly timeout_seconds: number | null;
  readonly attributes: JsonObject;
  /** Secrets of a `device` credential beside the login. */
  readonly line_password: string | null;
  readonly enable_secret: string | null;
}

/** One command of a step, as its row shows it; masked and clamped by whoever takes it. Told again with the same number, it replaces what was told before. */
export interface CommandResult {
  /** 1-based place in the step. */
  readonly number: number;
  readonly command: string;
  readonly output: string;
  readonly error: string;
  /** null while it runs, or when nobody knows. */
  readonly exit_code: number | null;
  /** ISO 8601. */
  readonly executed_at: string;
  readonly duration_ms: number | null;
  readonly parsed: Json;
  /** Where its lines stand in the step's log, for a step that knows: the line before its output, and the last of it. */
  readonly first_line?: number;
  readonly last_line?: number;
}

/** One file of a step, as its row shows it; told again with the same number whenever it has moved on, by its step at most every 250 ms. */
export interface FileTransfer {
  readonly number: number;
  readonly operation_type: TransferOperation;
  readonly local_path: string | null;
  readonly remote_path: string;
  readonly file_size: number | null;
  readonly bytes_transferred: number;
  /** Bits a second. */
  readonly transfer_rate_bps: number | null;
  readonly status: TransferStatus;
  /** ISO 8601. */
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly error_message: string | null;
  readonly resumed_from: number;
  readonly sha256: string | null;
}

/** All that a step may touch while it runs: no database, no secret store, no logger of its own. */
export interface StepContext {
  readonly run: string;
  /** The step's key in the run; with `run` it is the stable identity of the effect. */
  readonly key: string;
  /** Which attempt this is, 1-based, across in-place retries. */
  readonly attempt: number;
  /** Which in-place retry by a person this belongs to; 0 for none. Each begins from scratch. */
  readonly round: number;
  readonly execution: Execution;
  /** Aborted when the run is cancelled, the step times out, or the worker shuts down. */
  readonly signal: AbortSignal;
  /** The step's time as it is now: a person may change it while the step runs. */
  readonly timeoutMs: number;
  /** Calls back whenever that changes, and at once if it is not what the step began with. */
  onTimeout(tell: () => void): void;
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
  /** Counts the step's time from when its work really began, for work that began before this attempt. */
  hasRunFor(ms: number): void;
  /** A text as it will be shown: to be asked before one is cut, for a part of a secret is not found any more. */
  masked(text: string): string;
  /** Whether another attempt would follow if this one failed so: what it could go on with may then stay where it is. */
  isFollowed(failure: FailureType): boolean;
  /** The step's target; null for a type that needs none. */
  readonly target: TargetFacts | null;
  /** A session on the step's target, or on another one that its config names (`also_targets`), host key verified, returned to its pool when the step ends. */
  ssh(target?: string): Promise<SshSession>;
  /** Puts a command in the step's rows. */
  command(result: CommandResult): void;
  /** Puts a file in the step's rows. */
  transfer(transfer: FileTransfer): void;
}

/** What ends and clears away what a step of a `reattaches` type may have left on its target. */
export interface ReapContext extends Pick<StepContext, 'run' | 'key' | 'signal' | 'ssh'> {
  readonly target: TargetFacts;
  /** How many milliseconds a process has after TERM before KILL. */
  readonly graceMs: number;
}

/** What was found and done; `ended` false: something lives on, named in `left`. */
export interface Reaped {
  readonly ended: boolean;
  /** The strongest means of finding processes that the host offered, e.g. `cgroup` or `marker`. */
  readonly tier: string | null;
  readonly signals: readonly string[];
  readonly pids: readonly number[];
  readonly left: readonly { readonly pid: number; readonly owner: string }[];
}

/** Ends everything that the step has on the host, in all its executions; `forget` also removes its files there. */
export type Reap = (step: ReapContext, forget: boolean) => Promise<Reaped>;

/** What a step type does: its config in, its result out, failures thrown as `StepFailure`. */
export type Run<S extends StepSpec> = (config: ConfigOf<S>, step: StepContext) => Promise<ResultOf<S>>;
