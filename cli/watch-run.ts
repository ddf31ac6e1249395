import type { RunView } from '#api/views/run.ts';
import { parseDuration } from '#jobs/duration.ts';
import type { ApiClient } from './api-client.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';
import { follow } from './follow.ts';
import { endOf, stepLines } from './step-lines.ts';

/** Where a command's words go, and what tells that the person has had enough. */
export interface Screen {
  out(text: string): void;
  err(text: string): void;
  onInterrupt(stop: () => void): void;
}

export interface WatchOptions {
  /** Longest stay, e.g. 10m; the run goes on all the same. */
  readonly timeout?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Stays until a run ends, saying each step, and answers with the code its end means. An interrupt or the time limit ends the watching, never the run. */
export async function watchRun(
  api: ApiClient,
  run: Pick<RunView, 'id' | 'number'>,
  options: WatchOptions,
  screen: Screen,
): Promise<number> {
  const say = (line: string): void => screen.out(`${line}\n`);
  const ended = await Promise.race([
    follow(api, run.id, { step: options.json ? () => {} : stepLines(say) }),
    new Promise<number>((resolve) => screen.onInterrupt(() => resolve(EXIT.interrupted))),
    late(options.timeout),
  ]);
  if (typeof ended === 'number') {
    const why = ended === EXIT.timeout ? `not ended within ${options.timeout}` : 'interrupted';
    screen.err(`capstan: ${why}; run #${run.number} goes on (capstan logs -f ${run.number}, capstan cancel ${run.number})\n`);
    return ended;
  }
  say(options.json ? JSON.stringify(ended) : endOf(ended));
  return exitOfRun(ended);
}

/** What the end of a run means to a script. */
export function exitOfRun({ status }: Pick<RunView, 'status'>): number {
  if (status === 'completed') return EXIT.completed;
  return status === 'cancelled' ? EXIT.cancelled : EXIT.failed;
}

/** Refuses a time limit that says nothing, or that nothing would wait for, before anything is started. */
export function checkWatching({ follow: stays, timeout }: WatchOptions & { readonly follow?: boolean | undefined }): void {
  if (timeout === undefined) return;
  if (!stays) throw new CommandFailed(EXIT.usage, '--timeout limits a stay; give --follow with it');
  durationOf(timeout);
}

function late(timeout: string | undefined): Promise<number> {
  if (timeout === undefined) return new Promise(() => undefined);
  const ms = durationOf(timeout);
  return new Promise((resolve) => void setTimeout(() => resolve(EXIT.timeout), Math.min(ms, 2_147_483_647)).unref());
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new CommandFailed(EXIT.usage, `--timeout: ${error instanceof Error ? error.message : String(error)}`);
  }
}
