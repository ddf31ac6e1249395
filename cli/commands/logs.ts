import type { StepView } from '#api/views/step.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { unreadLines } from '../unread-lines.ts';

/** Prints the log of a run's steps, or of one of them; with `--follow` until the run ends. */
export async function logsCommand(
  api: ApiClient,
  run: string,
  step: string | undefined,
  options: { readonly follow?: boolean },
  write: (text: string) => void,
): Promise<number> {
  const unread = unreadLines(api, run);
  const print = async (key: string): Promise<void> => {
    if (step !== undefined && key !== step) return;
    for await (const { text } of unread(key)) write(step === undefined ? `${key} | ${text}\n` : `${text}\n`);
  };
  if (options.follow) await follow(api, run, { step: () => {}, log: print });
  else {
    const { items } = (await api.ask<{ items: StepView[] }>('GET', `/runs/${run}/steps`)).body;
    for (const { key } of items) await print(key);
  }
  return EXIT.completed;
}
