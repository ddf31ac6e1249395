import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '#platform/logging.ts';

/** Work done again and again until it is stopped. */
export interface Repeated {
  /** Begins the next round at once, or as soon as the one under way has ended. */
  hurry(): void;
  /** Ends the repetition; resolves when the round under way has ended. */
  stop(): Promise<void>;
}

/** Does `work` every `ms` milliseconds, one round at a time; a round that throws is logged once per kind of failure and tried again. */
export function repeat(name: string, ms: number, work: () => Promise<unknown>, log: Logger): Repeated {
  const stopping = new AbortController();
  let resting = new AbortController();
  let complaint = '';
  const round = async (): Promise<void> => {
    try {
      await work();
      if (complaint) log.info(`${name} works again`);
      complaint = '';
    } catch (error) {
      const message = error instanceof Error ? error.message || error.name : String(error);
      if (message !== complaint) log.warn({ err: error }, `${name} failed and is tried again: ${message}`);
      complaint = message;
    }
  };
  const rounds = (async () => {
    while (!stopping.signal.aborted) {
      resting = new AbortController();
      await round();
      const signal = AbortSignal.any([stopping.signal, resting.signal]);
      await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    hurry: () => resting.abort(),
    stop: async () => {
      stopping.abort();
      await rounds;
    },
  };
}
