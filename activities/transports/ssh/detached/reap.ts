import { randomBytes } from 'node:crypto';
import { stepFailure } from '#jobs/failure.ts';
import type { SshSession } from '../session.ts';
import { HOST_FILES } from './place.ts';
import { type Ended, reapScript } from './reap-script.ts';

/** How remote processes were ended: the strongest means of finding them that the host offered, the signals needed, who got them, and what lives on. */
export interface EndedRemotely {
  readonly tier: string | null;
  readonly signals: readonly string[];
  readonly pids: readonly number[];
  readonly left: readonly { readonly pid: number; readonly owner: string }[];
}

/** Ends executions on a host over a channel of its own, past the limit of channels, and looks whether anything is left. Throws `connection`. */
export async function endExecutions(session: SshSession, ended: Ended, signal: AbortSignal): Promise<EndedRemotely> {
  const mark = `capstan-${randomBytes(12).toString('hex')}`;
  const answer = await session.ask(reapScript(ended, mark, HOST_FILES), {
    signal,
    purpose: 'kill',
    limitMs: ended.graceMs + 30_000,
    maxBytes: 1_048_576,
  });
  // No POSIX shell: nothing of ours ever ran there.
  if (answer.code === 126 || answer.code === 127) return { tier: null, signals: [], pids: [], left: [] };
  return (
    readEnded(answer.stdout.toString('latin1'), mark) ??
    Promise.reject(
      stepFailure('connection', `${session.peer.target} did not say what became of the processes`, {
        target: session.peer.target,
        stage: 'answer',
      }),
    )
  );
}

/** Reads what the host said of the end; null when it did not say all of it. */
export function readEnded(text: string, mark: string): EndedRemotely | null {
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(`${mark} `))
    .map((line) =>
      line
        .slice(mark.length + 1)
        .trim()
        .split(/\s+/),
    );
  if (!lines.some(([what]) => what === 'done')) return null;
  const values = (of: string) => lines.find(([what]) => what === of)?.slice(1) ?? [];
  return {
    tier: values('tier')[0] ?? null,
    signals: values('signals'),
    pids: values('pids').map(Number),
    left: lines.filter(([what]) => what === 'left').map(([, pid, owner = 'unknown']) => ({ pid: Number(pid), owner })),
  };
}
