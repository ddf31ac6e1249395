import type { SshPeer } from '#test/peers/sshd.ts';
import type { SshPatience } from '../transports/ssh/places.ts';
import type { SshLimits } from '../transports/ssh/pool.ts';
import { SshPool } from '../transports/ssh/pool.ts';
import type { Answer, SshSession } from '../transports/ssh/session.ts';
import type { SessionSink } from '../transports/ssh/session-record.ts';
import type { SshCredential, SshRoute, SshTarget } from '../transports/ssh/target.ts';

/** A pool of connections as a worker has it, but for what a test sets. */
export const testPool = (limits: Partial<SshLimits> = {}, sink?: SessionSink, patience?: SshPatience): SshPool =>
  new SshPool(
    {
      max_connections: 50,
      max_connects_per_host: 8,
      max_sessions_per_connection: 8,
      connect_timeout_seconds: 10,
      idle_seconds: 60,
      ...limits,
    },
    sink,
    patience,
  );

/** What of a route differs from a strict login by key. */
export interface RouteOptions {
  readonly target?: Partial<SshTarget>;
  readonly credential?: SshCredential;
  readonly pinHostKey?: SshRoute['pinHostKey'];
  readonly jump?: SshRoute;
}

/** The way to a peer, its keys pinned. */
export const routeTo = (
  peer: Pick<SshPeer, 'host' | 'port' | 'user' | 'privateKey' | 'hostKeys'>,
  options: RouteOptions = {},
): SshRoute => ({
  target: {
    project: 'default',
    name: 'host',
    host: peer.host,
    port: peer.port,
    user: peer.user,
    hostKeyPolicy: 'strict',
    hostKeys: peer.hostKeys,
    legacyAlgorithms: false,
    connectTimeoutMs: null,
    ...options.target,
  },
  credential: options.credential ?? { kind: 'ssh_key', version: 'key@1', privateKey: peer.privateKey, passphrase: null },
  pinHostKey: options.pinHostKey ?? (() => Promise.reject(new Error('nothing is to be pinned'))),
  jump: options.jump ?? null,
});

/** A login by password. */
export const byPassword = (password: string | null, version = 'password@1'): SshCredential => ({
  kind: 'ssh_password',
  version,
  password: password ?? '',
});

export const NEVER = new AbortController().signal;

/** What a script of a test answers. */
export const answerOf = (session: SshSession, script: string): Promise<Answer> =>
  session.ask(script, { signal: NEVER, limitMs: 20_000, maxBytes: 1_000_000 });

/** The text that a script of a test prints. */
export const textOf = async (session: SshSession, script: string): Promise<string> => (await answerOf(session, script)).stdout.toString();
