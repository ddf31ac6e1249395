import { Client, Connection } from '@temporalio/client';
import type { Config } from '../config.ts';
import { TEMPORAL_EXTENSIONS } from './extensions.ts';

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
