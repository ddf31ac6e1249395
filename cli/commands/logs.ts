import type { LogLine, StepView } from '#api/views/step.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { follow } from '../follow.ts';

const PAGE = 1_000;

/** Prints the log of a run's steps, or of one of them; with `--follow` until the run ends. */
export async function logsCommand(
  api: ApiClient,
  run: string,
  step: string | undefined,
  options: { readonly follow?: boolean },
  write: (text: string) => void,
): Promise<number> {
  const printed = new Map<string, number>();
  const print = async (key: string): Promise<void> => {
    if (step !== undefined && key !== step) return;
    for (;;) {
      const from = (printed.get(key) ?? 0) + 1;
      const path = `/runs/${run}/steps/${encodeURIComponent(key)}/log?from=${from}&limit=${PAGE}`;
      const { items } = (await api.ask<{ items: LogLine[] }>('GET', path)).body;
      for (const line of items) write(step === undefined ? `${key} | ${line.text}\n` : `${line.text}\n`);
      const last = items.at(-1);
      if (last) printed.set(key, last.n);
      if (items.length < PAGE) return;
    }
  };
  if (options.follow) await follow(api, run, { step: () => {}, log: print });
  else {
    const { items } = (await api.ask<{ items: StepView[] }>('GET', `/runs/${run}/steps`)).body;
    for (const { key } of items) await print(key);
  }
  return EXIT.completed;
}
