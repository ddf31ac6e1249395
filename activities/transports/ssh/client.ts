import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type AuthHandlerMiddleware, type ConnectConfig } from 'ssh2';
import type { Algorithms } from './algorithms.ts';
import { type Hello, HelloReader } from './hello.ts';
import { type HostKey, readHostKey } from './host-key.ts';
import type { SshCredential } from './target.ts';

/** How far a connection came: an SSH server answers; its key is the right one; the user is in; it opens channels. */
export type Stage = 'connect' | 'host_key' | 'login' | 'channel';

/** A handshake or login that failed: at which stage, after the host had said what, and whether it refused. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
  readonly stage: Stage;
  readonly hello: Hello;
  /** Methods of login that the host takes, once it has said so. */
  readonly methods: readonly string[];

  constructor(stage: Stage, hello: Hello, methods: readonly string[], cause: Error) {
    super(cause.message, { cause });
    this.stage = stage;
    this.hello = hello;
    this.methods = methods;
  }
}

export interface LoginRequest {
  readonly user: string;
  /** null ends the connection as soon as the host has shown its key. */
  readonly credential: SshCredential | null;
  readonly algorithms: Algorithms;
  /** Judges the key the host shows, before anything else is sent; a rejection ends the connection and is the failure. */
  verify(shown: HostKey, hello: Hello): Promise<void>;
  /** Limit of key exchange and login together. */
  readonly limitMs: number;
  /** Told of each stage that is passed, and of what the host said and showed by then. */
  onPassed?: OnPassed;
}

export type OnPassed = (stage: Stage, so: { readonly hello: Hello; readonly hostKey: HostKey | null }) => void;

/** A client that is logged in, and what its host said and showed. */
export interface LoggedIn {
  readonly client: ssh2.Client;
  readonly hostKey: HostKey;
  readonly hello: Hello;
}

/** A TCP connection within `limitMs`, without Nagle's algorithm, which costs 40 ms a command. */
export async function openSocket(host: string, port: number, limitMs: number): Promise<Duplex> {
  const socket = connect({ host, port, noDelay: true });
  const limit = setTimeout(() => socket.destroy(new Error(`no connection within ${limitMs} ms`)), limitMs);
  try {
    await once(socket, 'connect');
    return socket;
  } finally {
    clearTimeout(limit);
  }
}

/** Speaks SSH over a stream and logs in. The only way to a client: one made without a verifier would trust any key. Throws `HandshakeError`, or what `verify` throws. */
export async function logIn(stream: Duplex, request: LoginRequest): Promise<LoggedIn> {
  const { user, credential, algorithms, verify, limitMs, onPassed = () => undefined } = request;
  const client = new ssh2.Client();
  const reader = new HelloReader();
  const methods: string[] = [];
  let stage: Stage = 'connect';
  let refusal: unknown;
  let hostKey: HostKey | undefined;

  const hostVerifier = (blob: Buffer, answer: (trusted: boolean) => void): void => {
    const shown = readHostKey(blob);
    // It is asked again whenever keys are exchanged anew; then nothing but the same key will do.
    if (hostKey !== undefined) {
      answer(shown.key === hostKey.key);
      return;
    }
    verify(shown, reader.hello).then(
      () => {
        hostKey = shown;
        answer(true);
      },
      (error) => {
        refusal = error;
        answer(false);
      },
    );
  };

  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error) => reject(refusal ?? new HandshakeError(stage, reader.hello, methods, error));
      // ssh2 reports one trouble several times, also after `ready`; without a listener the second would end the process.
      client.on('error', fail);
      client.once('close', () => fail(new Error('the host closed the connection')));
      const pass = (next: Stage) => {
        onPassed(stage, { hello: reader.hello, hostKey: hostKey ?? null });
        stage = next;
      };
      client.once('ready', () => {
        pass('channel');
        resolve();
      });
      client.once('handshake', () => pass('login'));
      // Nobody is there to choose a new password, and the host waits for one.
      client.once('change password', () => fail(Object.assign(new Error('the password has expired'), { level: 'client-authentication' })));
      const login =
        credential === null ? { authHandler: (() => false) as unknown as AuthHandlerMiddleware } : loginBy(client, credential, methods);
      // Throws for a key that cannot be read, before anything is sent.
      client.connect({
        ...login,
        sock: stream,
        username: user,
        readyTimeout: limitMs,
        keepaliveInterval: 5000,
        keepaliveCountMax: 3,
        algorithms: algorithms as unknown as NonNullable<ConnectConfig['algorithms']>,
        hostVerifier,
      });
      const hear = (bytes: Buffer) => {
        reader.take(bytes);
        if (stage === 'connect' && reader.hello.ident !== null) pass('host_key');
        if (reader.done) stream.off('data', hear);
      };
      // ssh2 reads the stream once it has prepared itself, and not before this listener is there.
      stream.prependListener('data', hear);
      stream.pause();
    });
  } catch (error) {
    client.end();
    stream.resume();
    stream.destroy();
    if (error === refusal || error instanceof HandshakeError) throw error;
    throw new HandshakeError(stage, reader.hello, methods, error as Error);
  }
  if (hostKey === undefined) throw new HandshakeError('host_key', reader.hello, methods, new Error('the host showed no key'));
  return { client, hostKey, hello: reader.hello };
}

/** Logs in by one method that the credential is good for, once: a second try of what was refused can lock an account. */
function loginBy(client: ssh2.Client, credential: SshCredential, methods: string[]): ConnectConfig {
  const tried = new Set<string>();
  const next = (method: string) => {
    tried.add(method);
    return method;
  };
  const choose = (left: readonly string[] | null): string | false => {
    if (left !== null) methods.splice(0, methods.length, ...left);
    if (credential.kind === 'ssh_key') return tried.has('publickey') ? false : next('publickey');
    if (left === null) return next('none');
    if (tried.has('password') || tried.has('keyboard-interactive')) return false;
    const offered = ['password', 'keyboard-interactive'].find((method) => left.includes(method));
    return offered === undefined ? false : next(offered);
  };
  // Its type says that the answer is given to a callback only; a returned one is taken as well.
  const authHandler = ((left: string[] | null) => choose(left)) as unknown as AuthHandlerMiddleware;
  if (credential.kind === 'ssh_key') {
    const { privateKey, passphrase } = credential;
    return { authHandler, privateKey, ...(passphrase === null ? {} : { passphrase }) };
  }
  let answered = false;
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) => {
    const secret = !answered && prompts.length === 1 && prompts[0]?.echo === false;
    if (secret) answered = true;
    answer(secret ? [credential.password] : []);
  });
  return { authHandler, password: credential.password, tryKeyboard: true };
}
