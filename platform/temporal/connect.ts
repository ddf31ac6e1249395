import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { Config } from '../config.ts';
import { TEMPORAL_EXTENSIONS } from './extensions.ts';

/** A client of the cluster. It connects at its first call and again after every loss, so it can be made while Temporal is down. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  /** Every call made inside `work` gives up after so many milliseconds; without it a call to a cluster that is gone is repeated for half a minute. */
  within<T>(milliseconds: number, work: () => Promise<T>): Promise<T>;
  /** Ends what is under way: no call is made again, and the connection closes once none is about to be. */
  close(): Promise<void>;
}

/** The client that API, relay and reconciliation use. Never waits for the cluster. */
export function connectTemporal({ temporal }: Pick<Config, 'temporal'>): TemporalClient {
  const plugins = [...TEMPORAL_EXTENSIONS.plugins];
  const retries = retriesUntilClosed();
  const connection = Connection.lazy({ address: temporal.address, plugins, interceptors: [retries.interceptor] });
  const client = new Client({ connection, namespace: temporal.namespace, dataConverter: TEMPORAL_EXTENSIONS.dataConverter, plugins });
  return {
    client,
    connection,
    within: (milliseconds, work) => connection.withDeadline(Date.now() + milliseconds, work),
    close: async () => {
      await retries.end();
      await connection.close();
    },
  };
}

const TIMER_GRAIN_MS = 20;

/** The SDK's own retries; one that waits while its connection closes would throw out of its timer, where nobody can catch it. */
function retriesUntilClosed() {
  const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
  let isClosing = false;
  let next = 0;
  return {
    interceptor: makeGrpcRetryInterceptor({
      retryableDecider: (attempt, status) => !isClosing && retryableDecider(attempt, status),
      delayFunction: (attempt, status) => {
        const delay = delayFunction(attempt, status);
        next = Math.max(next, Date.now() + delay);
        return delay;
      },
    }),
    end: async (): Promise<void> => {
      isClosing = true;
      const wait = next - Date.now();
      if (wait >= 0) await pause(wait + TIMER_GRAIN_MS);
    },
  };
}
