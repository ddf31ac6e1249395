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
      const { items, total } = (await api.ask<{ items: LogLine[]; total: number }>('GET', path)).body;
      const last = items.at(-1)?.n ?? from - 1;
      read.set(key, last);
      yield* items;
      if (items.length === 0 || last >= total) return;
    }
  };
}
