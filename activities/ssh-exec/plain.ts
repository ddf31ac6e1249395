import { constants } from 'node:os';
import type { StepFailure } from '#jobs/failure.ts';
import { stepFailure } from '#jobs/failure.ts';
import type { ResultOf } from '#jobs/step.ts';
import type { StepContext } from '../contract.ts';
import { drain } from '../transports/drain.ts';
import type { RemoteRequest } from '../transports/ssh/detached/payload.ts';
import type { SshSession } from '../transports/ssh/session.ts';
import { unprovenFailure } from './failures.ts';
import { maxOutputOf, type SshExecConfig, successCodesOf } from './request.ts';
import type { sshExec } from './spec.ts';

/** Runs one command line as it is on a host without a POSIX shell: bound to its connection, which ends it or loses it. */
export async function runPlainly(
  session: SshSession,
  config: SshExecConfig,
  step: StepContext,
  request: RemoteRequest,
): Promise<ResultOf<typeof sshExec>> {
  const { target } = session.peer;
  if (
    config.command === undefined ||
    Object.keys(request.environment).length > 0 ||
    request.workingDirectory !== null ||
    request.become !== null ||
    request.interpreter !== null
  )
    throw stepFailure(
      'invalid_input',
      `${target} has no POSIX shell (/bin/sh): it can only be given one command, without environment, directory or interpreter`,
    );
  if (step.execution.reattached && config.effect !== 'idempotent')
    throw stepFailure(
      'lost',
      `the command may have been begun on ${target}, which has no POSIX shell to ask for it; its outcome is unknown`,
      {
        target,
        stage: 'command',
      },
    );
  await step.log.line('warn', `${target} has no POSIX shell: the command runs on the connection itself and cannot be taken up again`);

  const startedAt = Date.now();
  const channel = await session.run(config.command, step.signal);
  const exited = new Promise<number | null>((resolve) => {
    channel.once('exit', (code: number | null, signal?: string) =>
      resolve(code ?? 128 + (constants.signals[(signal ?? 'SIGKILL') as NodeJS.Signals] ?? 0)),
    );
    channel.once('close', () => resolve(null));
  });
  channel.on('error', () => undefined);
  const onAbort = () => channel.close();
  const most = maxOutputOf(config);
  let bytes = 0;
  const take = (stream: 'stdout' | 'stderr') => (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > most) channel.close();
    return step.log.write(stream, piece);
  };
  step.signal.addEventListener('abort', onAbort, { once: true });
  channel.end(request.stdin ?? '');
  try {
    await Promise.all([drain(channel, take('stdout')), drain(channel.stderr, take('stderr'))]);
  } finally {
    step.signal.removeEventListener('abort', onAbort);
  }
  const code = await exited;
  if (step.signal.aborted) throw unprovenFailure(step.signal.reason as StepFailure, session.peer, 'it has no shell to ask');
  if (bytes > most) {
    const what = `the command's output on ${target} passed max_output, ${most} bytes, so its channel was closed`;
    throw stepFailure('policy', `${what}; whether it still runs is unknown, since there is no shell to ask`, { target, max_output: most });
  }
  const { stdout, stderr } = step.log.tail();
  const duration = Date.now() - startedAt;
  step.command({
    number: 1,
    command: config.command,
    output: stdout,
    error: stderr,
    exit_code: code,
    executed_at: new Date(startedAt).toISOString(),
    duration_ms: code === null ? null : duration,
    parsed: null,
  });
  session.count({ commands: 1 });
  if (code === null) {
    const type = config.effect === 'idempotent' ? 'connection' : 'lost';
    throw stepFailure(type, `the connection to ${target} ended before the command did; its outcome is unknown`, {
      target,
      stage: 'command',
    });
  }
  if (!successCodesOf(config).includes(code))
    throw stepFailure('exit_code', `the command ended with ${code} on ${target}`, { exit_code: code });
  return { exit_code: code, stdout, stderr, detached: 'none', commands: [{ number: 1, exit_code: code, duration_ms: duration }] };
}
