import type { SFTPWrapper } from 'ssh2';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import { connectSsh, type SshConnection } from './connection.ts';
import { noSessionFailure, requestRefusedFailure, routeName } from './failure.ts';
import { lookAtClock, lookAtShell, lookAtSpace } from './host-looks.ts';
import type { SshPool } from './pool.ts';
import { type Channel, discard, type OpenChannel, unlessAborted } from './pooled.ts';
import { type SshSession, sshSession } from './session.ts';
import type { SshRoute } from './target.ts';

/** What is tried, in this order; a device has a `prompt` in place of all that needs a shell. */
export type ProbeStage = 'connect' | 'host_key' | 'login' | 'shell' | 'sftp' | 'space' | 'clock' | 'prompt';

/** How one stage went: how long it took and what it found, or how it failed. */
export interface StageFound {
  readonly stage: ProbeStage;
  readonly ms: number;
  readonly ok: boolean;
  readonly found: Json;
}

/** A look at a target: every stage that was come to, and the first that failed. */
export interface Probed {
  readonly stages: readonly StageFound[];
  readonly failed: { readonly stage: ProbeStage; readonly failure: StepFailure } | null;
}

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** Where the product keeps its files on the host; null: below the home directory. */
  readonly remoteDir: string | null;
  /** Finds a device's prompt; given, it is all that is looked at after the login. */
  readonly prompt?: (session: SshSession, signal: AbortSignal) => Promise<Json>;
}

/** Looks at a target over a connection of its own, stage by stage, as far as later stages do not need the one that failed. */
export async function probeTarget(pool: SshPool, route: SshRoute, { signal, remoteDir, prompt }: ProbeOptions): Promise<Probed> {
  const stages = new Stages(route);
  const connection = await connect(pool, route, stages, signal);
  if (connection === null) return stages.probed();
  try {
    const open = <T extends Channel>(opening: Promise<T>) => opened(route, opening, signal);
    const source = {
      target: route.target,
      open: <T extends Channel>(ask: OpenChannel<T>) => open(ask(connection)),
      count: () => undefined,
    };
    const session = sshSession(source, connection.hostKey);
    const looked = { route, session, signal };
    if (prompt !== undefined) {
      await stages.pass('prompt', () => prompt(session, signal));
      return stages.probed();
    }
    const hasShell = await stages.pass('shell', () => lookAtShell(looked));
    await stages.pass('sftp', () => lookAtSftp(route, open(connection.sftp())));
    if (hasShell) {
      await stages.pass('space', () => lookAtSpace(looked, remoteDir));
      await stages.pass('clock', () => lookAtClock(looked));
    }
    return stages.probed();
  } finally {
    connection.end('checked');
  }
}

/** The stages as they are come to. */
class Stages {
  readonly #route: SshRoute;
  readonly #stages: StageFound[] = [];
  #failed: Probed['failed'] = null;
  #began = performance.now();

  constructor(route: SshRoute) {
    this.#route = route;
  }

  /** Does one stage and says whether it went well. */
  async pass(stage: ProbeStage, look: () => Promise<Json>): Promise<boolean> {
    this.begin();
    try {
      this.passed(stage, await look());
      return true;
    } catch (error) {
      this.failed(stage, error);
      return false;
    }
  }

  begin(): void {
    this.#began = performance.now();
  }

  passed(stage: ProbeStage, found: Json): void {
    this.#stages.push({ stage, ms: this.#ms(), ok: true, found });
    this.begin();
  }

  failed(stage: ProbeStage, error: unknown): void {
    const failure =
      error instanceof StepFailure ? error : stepFailure('connection', `${routeName(this.#route)}: ${(error as Error).message}`, { stage });
    this.#stages.push({ stage, ms: this.#ms(), ok: false, found: { type: failure.type, message: failure.message } });
    this.#failed ??= { stage, failure };
  }

  probed(): Probed {
    return { stages: this.#stages, failed: this.#failed };
  }

  #ms = (): number => Math.round(performance.now() - this.#began);
}

/** The connection, its stages told up to the login; null when one of them failed. */
async function connect(pool: SshPool, route: SshRoute, stages: Stages, signal: AbortSignal): Promise<SshConnection | null> {
  try {
    signal.throwIfAborted();
    return await pool.handshake(route, (stream, limitMs) =>
      connectSsh(stream, route, {
        limitMs,
        onPassed: (stage, { hello, hostKey }) => {
          if (stage === 'connect') stages.passed('connect', { server: hello.ident });
          else if (stage === 'host_key') stages.passed('host_key', hostKey && { type: hostKey.type, fingerprint: hostKey.fingerprint });
          else if (stage === 'login') stages.passed('login', { user: route.target.user });
        },
      }),
    );
  } catch (error) {
    const stage = error instanceof StepFailure ? error.details?.stage : undefined;
    stages.failed(stage === 'host_key' || stage === 'login' ? stage : 'connect', error);
    return null;
  }
}

async function lookAtSftp(route: SshRoute, opening: Promise<SFTPWrapper>): Promise<Json> {
  const sftp = await opening.catch((error) => {
    throw error instanceof StepFailure ? error : requestRefusedFailure(route, error);
  });
  sftp.end();
  return {};
}

/** Longest wait for a host that takes a login and then says nothing to a request. */
const OPENING_MS = 10_000;

function opened<T extends Channel>(route: SshRoute, opening: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = new AbortController();
  const silent = noSessionFailure(route, new Error(`no channel within ${OPENING_MS} ms`));
  const timer = setTimeout(() => limit.abort(silent), OPENING_MS);
  return unlessAborted(opening, AbortSignal.any([signal, limit.signal]), discard).finally(() => clearTimeout(timer));
}
