import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { freePort } from './free-port.ts';
import { type Supervised, supervise, withFacts } from './supervise.ts';

export interface TemporalOptions {
  /** The `temporal` program, as `provideTemporal` answers. */
  readonly binary: string;
  /** Folder of its own; holds the server's database. Not given: everything is lost when it ends. */
  readonly dir?: string;
  /** The port wanted; taken or not given: a free one. */
  readonly port?: number | undefined;
  /** The UI's port; `null` starts none. */
  readonly uiPort?: number | undefined | null;
  /** Folder for `temporal.log`; `dir` when not given. */
  readonly logDir: string;
  readonly namespace?: string;
  /** Server settings beside or instead of `dynamic-config.yaml`; `stock` leaves that file out. */
  readonly dynamicConfig?: { readonly [key: string]: unknown } | 'stock';
  readonly onCrash?: (how: string) => void;
}

/** A running Temporal server. */
export interface LocalTemporal extends Supervised {
  readonly port: number;
  readonly address: string;
  readonly namespace: string;
  readonly uiPort: number | null;
  readonly uiUrl: string | null;
}

/** Closed runs stay readable in Temporal for a week; our own tables keep them as long as people want. */
const RETENTION = '604800s';
const Description = z.object({ config: z.object({ workflowExecutionRetentionTtl: z.string() }) });

/** A person's own profile or address must not leak into the server we start. */
const WITHOUT_PROFILE = { ...process.env, TEMPORAL_ADDRESS: undefined, TEMPORAL_NAMESPACE: undefined, TEMPORAL_PROFILE: undefined };
const run = promisify(execFile);

/** Starts Temporal's development server on loopback with the product's dynamic config, and keeps it running until it is stopped. */
export async function startTemporal(options: TemporalOptions): Promise<LocalTemporal> {
  const port = await freePort(options.port);
  const uiPort = options.uiPort === null ? null : await freePort(options.uiPort);
  const namespace = options.namespace ?? 'default';
  const address = `127.0.0.1:${port}`;
  const server = await supervise({
    name: 'temporal',
    command: options.binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace, '--log-level', 'warn'],
      ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
      ...(options.dir ? ['--db-filename', join(options.dir, 'temporal.db')] : []),
      ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=1'],
      ...dynamicConfigFlags(options.dynamicConfig),
    ],
    env: WITHOUT_PROFILE,
    kind: 'foreign',
    logDir: options.logDir,
    ready: () => keepForAWeek(options.binary, address, namespace),
    readyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
    stopWithinMs: 3_000,
    ...(options.onCrash && { onCrash: options.onCrash }),
  });
  return withFacts(server, {
    port,
    address,
    namespace,
    uiPort,
    uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
  });
}

/** `platform/temporal/dynamic-config.yaml` as the development server takes it. */
export function dynamicConfigFlags(changes: TemporalOptions['dynamicConfig'] = {}): readonly string[] {
  if (changes === 'stock') return [];
  const file = readFileSync(new URL('../temporal/dynamic-config.yaml', import.meta.url), 'utf8');
  const shipped = Object.entries(parse(file) as { [key: string]: { value: unknown }[] }).map(
    ([key, [entry]]) => [key, entry?.value] as const,
  );
  return Object.entries({ ...Object.fromEntries(shipped), ...changes }).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(value)}`,
  ]);
}

/** Fails while the server does not answer yet. Asks with the program itself: the client library would cost the starter 50 MB for these two calls. */
async function keepForAWeek(binary: string, address: string, namespace: string): Promise<void> {
  const ask = (...args: readonly string[]) =>
    run(
      binary,
      ['operator', 'namespace', ...args, '--namespace', namespace, '--address', address, '--command-timeout', '3s', '-o', 'json'],
      {
        env: WITHOUT_PROFILE,
      },
    );
  const { config } = Description.parse(JSON.parse((await ask('describe')).stdout));
  if (config.workflowExecutionRetentionTtl !== RETENTION) await ask('update', '--retention', RETENTION);
}
