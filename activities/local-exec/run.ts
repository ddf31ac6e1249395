import { stepFailure } from '#jobs/failure.ts';
import { firstLine } from '#jobs/first-line.ts';
import type { Json } from '#jobs/json.ts';
import type { Run } from '../contract.ts';
import { runProgram } from '../transports/local/program.ts';
import { stoppedFailure } from '../transports/stopped.ts';
import { EventReader } from './events.ts';
import type { localExec } from './spec.ts';

/** Of the worker's own environment only these reach a program: the rest holds the product's secrets. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'USER', 'LOGNAME', 'TMPDIR'] as const;

/** Runs the program in a process group of its own that dies with the worker, and follows it to its end. */
export const runLocalExec: Run<typeof localExec> = async ({ command, argv, working_directory, environment, stdin }, step) => {
  if (!step.permits.local_exec) {
    throw stepFailure('policy', 'this worker runs no programs on its own machine; its configuration has to set worker.local_exec = true');
  }
  let resultData: Json = null;
  const notices: string[] = [];
  const events = new EventReader({
    onProgress: (percent, message) => step.progress(percent, message),
    onResult: (data) => {
      resultData = data;
    },
    onUnreadable: (line) => notices.push(`not an event, ignored: ${line}`),
  });

  const { exit_code, killed } = await runProgram(
    {
      argv: argv ?? ['/bin/sh', '-c', command ?? ''],
      working_directory: working_directory ?? null,
      stdin: stdin ?? null,
      environment: { ...inherited(), CAPSTAN_EVENTS: '/dev/fd/3', ...environment, ...Object.fromEntries(step.secrets) },
    },
    {
      signal: step.signal,
      onData: async (stream, bytes) => {
        if (stream !== 'events') return step.log.write(stream, bytes);
        events.push(bytes);
        for (const notice of notices.splice(0)) await step.log.line('warn', notice);
      },
    },
  );
  events.end();
  if (killed !== null) throw stoppedFailure(step.signal, killed, 'on this worker');
  if (exit_code !== 0)
    throw stepFailure('exit_code', `the program ended with ${exit_code}: ${firstLine(argv?.join(' ') ?? command ?? '')}`, { exit_code });
  return { exit_code, ...step.log.tail(), result_data: resultData };
};

const inherited = (): Record<string, string> =>
  Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
