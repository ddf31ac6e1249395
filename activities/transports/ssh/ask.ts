import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { stepFailure } from '#jobs/failure.ts';
import { drain } from '../drain.ts';
import type { SshTarget } from './target.ts';

export interface AskOptions {
  readonly signal: AbortSignal;
  readonly purpose?: 'command' | 'kill';
  /** Longest wait for its end. */
  readonly limitMs: number;
  /** Longest answer on either stream. */
  readonly maxBytes: number;
}

export interface Answer {
  /** 128 + n when signal n ended it. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** The channel was still open long after the exit code: more may have been on its way. */
  readonly isCutOff?: boolean;
}

/** Opens the remote shell on one host. */
export interface Asked {
  readonly target: SshTarget;
  openShell(purpose: 'command' | 'kill', signal: AbortSignal): Promise<ClientChannel>;
}

/** How long a channel may stay open in silence after its exit code, because some process left behind holds its output; what is still on a slow line is waited for. */
const LINGER_MS = 1000;

/** Hands a script to the remote shell and answers with all it said, once it has ended; an aborted signal closes the channel. */
export async function ask({ target, openShell }: Asked, script: string, options: AskOptions): Promise<Answer> {
  const { signal, purpose = 'command', limitMs, maxBytes } = options;
  const channel = await openShell(purpose, signal);
  const answer = Promise.withResolvers<Answer>();
  const fail = (what: string) =>
    answer.reject(
      stepFailure('connection', `${target.name} (${target.host}:${target.port}) ${what}`, { target: target.name, stage: 'answer' }),
    );

  const onAbort = () => answer.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const limit = setTimeout(() => fail(`gave no whole answer within ${limitMs} ms`), limitMs);
  let linger: NodeJS.Timeout | undefined;
  let isCutOff = false;
  let code: number | null = null;
  channel.once('exit', (exited: number | null, by?: string) => {
    code = exited ?? 128 + (constants.signals[(by ?? 'SIGKILL') as NodeJS.Signals] ?? 0);
    linger = setTimeout(() => {
      isCutOff = true;
      channel.close();
    }, LINGER_MS);
  });
  channel.on('error', () => undefined);

  const collect = (): { chunks: Buffer[]; take(bytes: Buffer): void } => {
    const chunks: Buffer[] = [];
    let size = 0;
    return {
      chunks,
      take(bytes) {
        linger?.refresh();
        size += bytes.length;
        if (size > maxBytes) fail(`answered with more than ${maxBytes} bytes`);
        else chunks.push(bytes);
      },
    };
  };
  const stdout = collect();
  const stderr = collect();
  Promise.all([drain(channel, stdout.take), drain(channel.stderr, stderr.take), new Promise((done) => channel.once('close', done))])
    .then(() => {
      if (code === null) fail('ended the channel before it answered');
      else answer.resolve({ code, stdout: Buffer.concat(stdout.chunks), stderr: Buffer.concat(stderr.chunks), isCutOff });
    })
    .catch((error) => fail(`broke off its answer: ${error.message}`));
  channel.end(script);

  try {
    return await answer.promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(limit);
    clearTimeout(linger);
    channel.close();
  }
}
