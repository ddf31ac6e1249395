import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Config } from '../config.ts';
import { TEMPORAL_EXTENSIONS } from './extensions.ts';

/** The connection that workers poll through; tries for `patienceMs` while the cluster does not answer, then throws its last error. */
export async function connectWorker({ temporal }: Pick<Config, 'temporal'>, patienceMs = 60_000): Promise<NativeConnection> {
  const giveUpAt = Date.now() + patienceMs;
  for (let pause = 100; ; pause = Math.min(pause * 2, 2_000)) {
    try {
      return await NativeConnection.connect({ address: temporal.address, plugins: [...TEMPORAL_EXTENSIONS.plugins] });
    } catch (error) {
      if (Date.now() + pause > giveUpAt) {
        throw new Error(`Temporal at ${temporal.address} did not answer for ${Math.round(patienceMs / 1000)} s`, { cause: error });
      }
      await sleep(pause);
    }
  }
}
