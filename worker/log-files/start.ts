import { hostname } from 'node:os';
import path from 'node:path';
import type { Database } from '#db/client.ts';
import type { Config } from '#platform/config.ts';
import { keepPolicies, sizeOf } from '#platform/log-files/classes.ts';
import type { Logger } from '#platform/logging.ts';
import { zoneData } from '#platform/zone-data.ts';
import { repeat } from '../repeat.ts';
import { LogFollower } from './follow.ts';
import { createTidy } from './tidy.ts';

interface LogFilesDeps {
  readonly id: string;
  readonly config: Config;
  readonly database: Database;
  readonly log: Logger;
}

const EVERY_MS = 1_000;

/** Writes log files from now on, where settings name a folder for them, as long as no other worker does; stopped last, it also writes what the end of the process brought. */
export function startLogFiles({ id, config: { logging }, database: { sql }, log }: LogFilesDeps): { stop(): Promise<void> } {
  if (logging.dir === undefined) return { stop: async () => undefined };
  const follower = { id, host: hostname(), dir: path.resolve(logging.dir) };
  const files = new LogFollower({ sql, follower, zones: zoneData(), rotateBytes: sizeOf(logging.rotate_size), log });
  const tidy = createTidy({ sql, follower, policies: keepPolicies(logging), log });
  const rounds = repeat('log files', EVERY_MS, async () => void ((await files.round()) && (await tidy())), log);
  return {
    stop: async () => {
      await rounds.stop();
      await files.stop().catch((error: unknown) => log.warn({ err: error }, 'the last log lines are written by the next worker'));
    },
  };
}
