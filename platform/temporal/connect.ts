import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientPlugin, Connection, type ConnectionPlugin } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection, type NativeConnectionPlugin, type WorkerPlugin } from '@temporalio/worker';
import type { Config } from '../config.ts';

/** What every client and every worker is made with. Codec and plugins have their one place here, so that what one process writes the others read. */
export const TEMPORAL_EXTENSIONS: {
  readonly dataConverter: DataConverter;
  readonly plugins: readonly (ClientPlugin & ConnectionPlugin & NativeConnectionPlugin & WorkerPlugin)[];
} = { dataConverter: {}, plugins: [] };

/** A client of the cluster. It connects at its first call and again after every loss, so it can be made while Temporal is down. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  /** Every call made inside `work` gives up after so many milliseconds; without it a call to a cluster that is gone is repeated for half a minute. */
  within<T>(milliseconds: number, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The client that API, relay and reconciliation use. Never waits for the cluster. */
export function connectTemporal({ temporal }: Pick<Config, 'temporal'>): TemporalClient {
  const plugins = [...TEMPORAL_EXTENSIONS.plugins];
  const connection = Connection.lazy({ address: temporal.address, plugins });
  const client = new Client({ connection, namespace: temporal.namespace, dataConverter: TEMPORAL_EXTENSIONS.dataConverter, plugins });
  return {
    client,
    connection,
    within: (milliseconds, work) => connection.withDeadline(Date.now() + milliseconds, work),
    close: () => connection.close(),
  };
}

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
