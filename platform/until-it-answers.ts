import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logging.ts';

const PAUSE_MS = 300;

/** Does what needs a server, again and again until that server answers: a process that starts before its database must not end for it. Only failures of the connection are waited out. */
export async function untilItAnswers<T>(server: string, work: () => Promise<T>, log: Logger): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
      if (tries === 0) log.warn({ err: error }, `${server} does not answer; waiting for it`);
    }
    await sleep(PAUSE_MS);
  }
}

/** Socket errors, and Postgres saying that it starts, stops or has no room (classes 08, 53, 57). */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return /^(E[A-Z]+|CONNECT_TIMEOUT|CONNECTION_\w+|08\w{3}|53\w{3}|57\w{3})$/.test(String(error.code));
}
