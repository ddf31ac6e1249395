import type { StepView } from '#api/views/step.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { runId } from '../run-reference.ts';
import { unreadLines } from '../unread-lines.ts';
import type { Screen } from '../watch-run.ts';

/** Prints the log of a run's steps, or of one of them; with `--follow` until the run ends. */
export async function logsCommand(
  api: ApiClient,
  asked: string,
  step: string | undefined,
  options: { readonly follow?: boolean },
  { out: write, err, onInterrupt }: Screen,
): Promise<number> {
  const run = await runId(api, asked);
  const unread = unreadLines(api, run);
  const print = async (key: string): Promise<void> => {
    if (step !== undefined && key !== step) return;
    for await (const { text } of unread(key)) write(step === undefined ? `${key} | ${text}\n` : `${text}\n`);
  };
  if (options.follow) {
    const interrupted = new Promise<'interrupted'>((resolve) => onInterrupt(() => resolve('interrupted')));
    if ((await Promise.race([follow(api, run, { step: () => {}, log: print }), interrupted])) !== 'interrupted') return EXIT.completed;
    err(`capstan: interrupted; run ${asked} goes on\n`);
    return EXIT.interrupted;
  }
  const { items } = (await api.ask<{ items: StepView[] }>('GET', `/runs/${run}/steps`)).body;
  for (const { key } of items) await print(key);
  return EXIT.completed;
}
