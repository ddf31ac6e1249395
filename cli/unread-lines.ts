import type { LogLine } from '#api/views/step.ts';
import type { ApiClient } from './api-client.ts';

const PAGE = 1_000;

/** Reads the logs of a run's steps, each line once: asked again about a step, it gives what has come since. */
export function unreadLines(api: ApiClient, run: string): (key: string) => AsyncGenerator<LogLine> {
  const read = new Map<string, number>();
  return async function* unread(key) {
    for (;;) {
      const from = (read.get(key) ?? 0) + 1;
      const path = `/runs/${run}/steps/${encodeURIComponent(key)}/log?from=${from}&limit=${PAGE}`;
      const { items } = (await api.ask<{ items: LogLine[] }>('GET', path)).body;
      read.set(key, items.at(-1)?.n ?? from - 1);
      yield* items;
      if (items.length < PAGE) return;
    }
  };
}
