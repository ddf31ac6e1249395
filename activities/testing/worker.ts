import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { listSteps, type StepWithAttempts } from '#db/queries/list-steps.ts';
import { type NumberedLine, readLog } from '#db/queries/read-log.ts';
import { saveCredential } from '#db/queries/save-credential.ts';
import { saveTarget, type TargetValues } from '#db/queries/save-target.ts';
import type { CommandResultRow, FileTransferRow } from '#db/schema/remote.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { accept, auditOf, snapshot } from '#db/testing/runs.ts';
import type { CredentialKind } from '#jobs/credential-kinds.ts';
import { parseDuration } from '#jobs/duration.ts';
import { effectOf } from '#jobs/effect.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { checkSettings, readSettings } from '#platform/config.ts';
import type { Logger } from '#platform/logging.ts';
import { seal } from '#platform/vault.ts';
import type { SshPeer } from '#test/peers/sshd.ts';
import type { StepCall, StepReport } from '#workflows/messages.ts';
import type { ActivityStepType } from '../catalog.ts';
import { attemptStep, type Step, type TemporalAttempt } from '../envelope/attempt.ts';
import { createLogSink } from '../envelope/log-sink.ts';
import { OverrideWatch } from '../envelope/override-watch.ts';
import { createRecorder } from '../envelope/recorder.ts';
import { createSessionSink } from '../envelope/session-sink.ts';
import { createStepRows } from '../envelope/step-rows.ts';
import type { WorkerParts } from '../envelope/worker-parts.ts';
import { STEPS } from '../index.ts';
import type { HostKey, HostKeyPolicy } from '../transports/ssh/host-key.ts';
import { SshPool } from '../transports/ssh/pool.ts';

/** What of a call differs from a plain first attempt. */
export interface Asked {
  readonly run?: string;
  readonly key?: string;
  readonly target?: string | null;
  readonly secrets?: StepCall['step']['secrets'];
  readonly outputs?: StepCall['step']['outputs'];
  readonly timeoutMs?: number;
  readonly retry?: Partial<StepCall['step']['retry']>;
  readonly attemptsBefore?: number;
  /** Temporal's attempt, 1-based. */
  readonly attempt?: number;
  readonly checkpoint?: Json;
  /** Aborting asks to cancel. */
  readonly cancel?: AbortSignal;
  readonly shutsDown?: boolean;
  /** What is done in place of what the step type does. */
  readonly does?: Step['run'];
  /** Aborting means that Temporal no longer knows this attempt. */
  readonly forgotten?: boolean;
  /** Aborting means that a person paused or reset the step. */
  readonly by?: 'pause' | 'reset';
  /** Temporal counts attempts anew, since a person wanted that. */
  readonly countedAnew?: boolean;
  /** Aborting kills the worker under the attempt: its connections end, nothing of it is written any more, and it rejects with `crashed`. */
  readonly crash?: AbortSignal;
  /** Whether its work outlives its worker, where that is not for the type to say. */
  readonly reattaches?: boolean;
}

/** A worker's envelope over a database of its own, with Temporal's side of each attempt given by the test. */
export interface TestWorker {
  readonly database: TestDatabase;
  readonly parts: WorkerParts;
  /** Accepts a run to attempt steps of. */
  newRun(): Promise<string>;
  attempt(type: ActivityStepType, config: JsonObject, asked?: Asked): Promise<StepReport>;
  /** The step's row with its attempts, once everything is written. */
  step(run: string, key?: string): Promise<StepWithAttempts>;
  log(run: string, key?: string): Promise<readonly NumberedLine[]>;
  /** The rows of the step's commands and files, by execution and number, once everything is written. */
  commands(run: string, key?: string): Promise<readonly CommandResultRow[]>;
  transfers(run: string, key?: string): Promise<readonly FileTransferRow[]>;
  /** Registers a private sshd as a target; by its key unless a password is asked for. */
  addTarget(
    name: string,
    sshd: SshPeer,
    options?: {
      readonly policy?: HostKeyPolicy;
      readonly hostKeys?: readonly HostKey[];
      readonly by?: 'key' | 'password';
      /** What else its row holds. */
      readonly also?: Partial<TargetValues>;
    },
  ): Promise<void>;
  addCredential(name: string, kind: CredentialKind, fields: { readonly [field: string]: string }, username?: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts one; `settings` are configuration variables such as `CAPSTAN_WORKER__LOCAL_EXEC`. */
export async function testWorker(
  settings: { readonly [variable: string]: string } = {},
  log: Logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'error' }),
): Promise<TestWorker> {
  const database = await testDatabase();
  const config = checkSettings(readSettings(null, { CAPSTAN_WORKER__LOCAL_EXEC: 'true', ...settings }));
  const keyRing = { active: 'k1', keys: new Map([['k1', randomBytes(32)]]) };
  const sessions = createSessionSink(database.sql, 'test-worker', log);
  const parts: WorkerParts = {
    database,
    keyRing,
    workerId: 'test-worker',
    config,
    log,
    recorder: createRecorder(database.sql, log),
    logs: createLogSink(database.sql, log),
    rows: createStepRows(database.sql, log),
    overrides: new OverrideWatch(database.sql),
    ssh: new SshPool(config.ssh, sessions),
  };
  const written = () => Promise.all([parts.recorder.flush(), parts.logs.flush(), parts.rows.flush(), sessions.flush()]);

  const addCredential: TestWorker['addCredential'] = async (name, kind, fields, username) => {
    const id = uuidv7();
    const sealed = Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [field, seal(keyRing, value, { project: 'default', id, version: 1, field })] as const),
    );
    await saveCredential(
      database.sql,
      'default',
      { id, name, kind, description: null, username: username ?? null, sealed, fingerprint: null, sample: false },
      null,
      auditOf('ann'),
    );
  };

  return {
    database,
    parts,
    newRun: async () => {
      const run = uuidv7();
      await accept(database.sql, { run });
      return run;
    },
    attempt: async (type, config, asked = {}) => {
      const run = asked.run ?? uuidv7();
      if (asked.run === undefined) await accept(database.sql, { run });
      const { spec, run: does }: Step = STEPS[type];
      const step = { spec, run: asked.does ?? does };
      const call = callOf(type, config, run, asked);
      if (asked.crash === undefined) return attemptStep(parts, step, call, temporalOf(asked));
      const doomed = doom(parts, asked.crash);
      return Promise.race([attemptStep(doomed.parts, step, call, temporalOf({ ...asked, ...doomed.asked })), doomed.crashed]);
    },
    step: async (run, key = 'one') => {
      await written();
      const step = (await listSteps(database.sql, run)).find((row) => row.key === key);
      if (step === undefined) throw new Error(`no row for step ${key}`);
      return step;
    },
    log: async (run, key = 'one') => {
      await written();
      return (await readLog(database.sql, run, key, 1, 100_000)).items;
    },
    commands: async (run, key = 'one') => {
      await written();
      return database.sql<CommandResultRow[]>`
        select * from command_results where run_id = ${run} and key = ${key} order by attempt, number`;
    },
    transfers: async (run, key = 'one') => {
      await written();
      return database.sql<FileTransferRow[]>`
        select * from file_transfers where run_id = ${run} and key = ${key} order by attempt, number`;
    },
    addCredential,
    addTarget: async (name, sshd, { policy = 'strict', hostKeys = sshd.hostKeys, by = 'key', also = {} } = {}) => {
      if (by === 'key') await addCredential(`${name}-login`, 'ssh_key', { private_key: sshd.privateKey }, sshd.user);
      else await addCredential(`${name}-login`, 'ssh_password', { password: sshd.password ?? '' }, sshd.user);
      const target = { name, kind: 'ssh', host: sshd.host, port: sshd.port, username: null, credential: `${name}-login` } as const;
      const rest = { description: null, tags: [], attributes: {}, timezone: null, timeout_seconds: null, enabled: true, sample: false };
      const reach = { device_type: null, jump: null, remote_dir: null, legacy_algorithms: false, maintenance: [] };
      const keys = { host_key_policy: policy, host_keys: hostKeys };
      await saveTarget(database.sql, 'default', { ...target, ...rest, ...reach, ...keys, ...also }, null, auditOf('ann'));
    },
    close: async () => {
      parts.ssh.close();
      await written();
      await database.close();
    },
  };
}

/** A worker that dies when the signal says so: what its attempt still does then reaches neither host nor database. */
function doom(parts: WorkerParts, crash: AbortSignal) {
  const crashed = Promise.withResolvers<never>();
  const never = new Promise<never>(() => undefined);
  const stopped = new AbortController();
  const ssh = new SshPool(parts.config.ssh);
  crash.addEventListener('abort', () => {
    ssh.close();
    stopped.abort();
    crashed.reject(new Error('crashed'));
  });
  const unlessDead = <T extends object>(sink: T): T =>
    new Proxy<T>(sink, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        return (...args: unknown[]) => (crash.aborted || typeof method !== 'function' ? never : method.apply(target, args));
      },
    });
  const { recorder, logs, rows } = parts;
  return {
    crashed: crashed.promise,
    parts: { ...parts, ssh, recorder: unlessDead(recorder), logs: unlessDead(logs), rows: unlessDead(rows) },
    asked: { cancel: stopped.signal, shutsDown: true },
  };
}

function callOf(type: ActivityStepType, config: JsonObject, run: string, asked: Asked): StepCall {
  const { spec } = STEPS[type];
  const defaults = spec.defaults.retry;
  return {
    run,
    project: 'default',
    key: asked.key ?? 'one',
    step: {
      id: asked.key ?? 'one',
      number: 1,
      name: 'One',
      type,
      effect: effectOf(spec, config),
      reattaches: asked.reattaches ?? ('reattaches' in spec && spec.reattaches === true),
      secrets: asked.secrets ?? {},
      timeoutMs: asked.timeoutMs ?? parseDuration(spec.defaults.timeout),
      retry: {
        attempts: defaults.attempts,
        delayMs: 0,
        backoff: 1,
        maxDelayMs: 0,
        on: 'on' in defaults ? defaults.on : [],
        ...asked.retry,
      },
      outputs: asked.outputs ?? {},
      inline: false,
    },
    config,
    target: asked.target ?? null,
    attemptsBefore: asked.attemptsBefore ?? 0,
    snapshot: snapshot(1, 'running'),
  };
}

const temporalOf = ({
  attempt = 1,
  checkpoint,
  cancel,
  shutsDown = false,
  forgotten = false,
  by,
  countedAnew = false,
}: Asked): TemporalAttempt => ({
  info: {
    attempt,
    isLocal: false,
    heartbeatDetails: checkpoint === undefined ? undefined : { checkpoint },
    scheduledTimestampMs: 0,
    currentAttemptScheduledTimestampMs: countedAnew || attempt > 1 ? 1 : 0,
  },
  cancellationSignal: cancel ?? new AbortController().signal,
  cancellationDetails: {
    notFound: forgotten,
    cancelRequested: !shutsDown && !forgotten && by === undefined,
    paused: by === 'pause',
    timedOut: false,
    workerShutdown: shutsDown,
    reset: by === 'reset',
  },
  heartbeat: () => undefined,
});
