import { stepFailure } from '#jobs/failure.ts';
import type { Run } from '../contract.ts';
import { stoppedFailure } from '../transports/stopped.ts';
import type { sshExec } from './spec.ts';

/** Runs the command in a process group of its own on the target and follows it to its end; stopping ends the whole group there. */
export const runSshExec: Run<typeof sshExec> = async ({ command, working_directory, environment }, step) => {
  const session = await step.ssh();
  await step.log.line('debug', `connected to ${session.peer.target} (${session.peer.user}@${session.peer.host}:${session.peer.port})`);

  const { exit_code, killed } = await session.exec(
    { command, working_directory, environment: { ...environment, ...Object.fromEntries(step.secrets) } },
    { signal: step.signal, onData: (stream, bytes) => step.log.write(stream, bytes) },
  );
  if (killed !== null) throw stoppedFailure(step.signal, killed, `on ${session.peer.target}`);
  if (exit_code !== 0) throw stepFailure('exit_code', `the command ended with ${exit_code}: ${firstLine(command)}`, { exit_code });
  return { exit_code, ...step.log.tail() };
};

const firstLine = (command: string): string => (command.split('\n', 1)[0] ?? '').slice(0, 80);
