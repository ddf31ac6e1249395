import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { Runtime, type WorkflowBundleOption } from '@temporalio/worker';
import { createBulk } from '#activities/bookkeeping/bulk.ts';
import { createLocks } from '#activities/bookkeeping/locks.ts';
import { createRecordRun } from '#activities/bookkeeping/record-run.ts';
import { createEnvelope } from '#activities/envelope.ts';
import { connect, type Database } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { type Config, loadConfig } from '#platform/config.ts';
import { type LocalPostgres, startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { startTemporal } from '#platform/local/temporal.ts';
import { provideTemporal } from '#platform/local/temporal-binary.ts';
import { createLogger } from '#platform/logging.ts';
import { connectWorker } from '#platform/temporal/worker-connection.ts';
import { bundleWorkflows } from '#worker/bundle.ts';
import { serveQueues } from '#worker/queues.ts';
import { workflowVoice } from '#worker/voice.ts';
import { KNOWN, NOOP, runNoop } from './noop.ts';

/** A Temporal server of its own and the database, with what it takes to use them. */
export interface Ground {
  readonly config: Config;
  /** What a process of the product is started with to belong to it. */
  readonly env: { readonly [name: string]: string };
  readonly client: Client;
  readonly database: Database;
  stop(): Promise<void>;
}

/** The same with a worker in this process. */
export type Arena = Ground;

/** The servers and workers of a benchmark: Postgres with its defaults (fsync on), and a Temporal for each kind of dynamic config asked for. */
export interface BenchStack {
  arena(dynamicConfig: 'product' | 'stock'): Promise<Arena>;
  /** For processes of the product; Temporal keeps its data on disk, as it does for users. */
  ground(): Promise<Ground>;
  stop(): Promise<void>;
}

export async function startBenchStack(): Promise<BenchStack> {
  const dir = await mkdtemp(path.join(tmpdir(), 'capstan-bench-'));
  Runtime.install({ shutdownSignals: [] });
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres') });
  await migrate(postgres.url);
  const { path: binary } = await provideTemporal();
  const bundle = await bundleWorkflows(fileURLToPath(new URL('./workflows.ts', import.meta.url)));
  const open: { stop(): Promise<void> }[] = [];
  return {
    arena: async (dynamicConfig) => {
      const home = path.join(dir, dynamicConfig);
      const temporal = await startTemporal({
        binary,
        logDir: dir,
        uiPort: null,
        ...(dynamicConfig === 'stock' ? { dynamicConfig: 'stock' as const } : {}),
      });
      const arena = await openArena(postgres, temporal.address, bundle, home);
      const both = { ...arena, stop: async () => arena.stop().then(() => temporal.stop()) };
      open.push(both);
      return both;
    },
    ground: async () => {
      const home = path.join(dir, 'ground');
      await mkdir(home);
      const temporal = await startTemporal({ binary, logDir: dir, dir: home, uiPort: null });
      const { connection, ...ground } = await openGround(postgres, temporal.address, home);
      const stop = async () => {
        await connection.close();
        await ground.database.close();
        await temporal.stop();
      };
      open.push({ stop });
      return { ...ground, stop };
    },
    stop: async () => {
      for (const each of open) await each.stop();
      await postgres.stop();
      removePostgres(path.join(dir, 'postgres'));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function openGround(postgres: LocalPostgres, address: string, home: string) {
  const env = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: address,
    CAPSTAN_KEY__FILE: path.join(home, 'key'),
    CAPSTAN_WORKER__CAPABILITIES: '["local", "bookkeeping"]',
    CAPSTAN_WORKER__LOCAL_EXEC: 'true',
    CAPSTAN_LOGGING__LEVEL: 'error',
  };
  const config = loadConfig({ env });
  const connection = await connectWorker(config);
  const client = new Client({ connection, namespace: config.temporal.namespace });
  return { env, config, connection, client, database: connect({ url: postgres.url }) };
}

async function openArena(postgres: LocalPostgres, address: string, bundle: WorkflowBundleOption, home: string): Promise<Arena> {
  const { env, config, connection, client, database } = await openGround(postgres, address, home);
  const log = createLogger(config, 'bench');
  const voice = workflowVoice(client);
  const keyRing = { active: 'bench', keys: new Map([['bench', randomBytes(32)]]) };
  const envelope = createEnvelope({ database, keyRing, workerId: 'bench', config, log });
  const noop = { spec: NOOP, run: runNoop };
  const known = { spec: KNOWN, run: runNoop };
  const queues = await serveQueues({
    connection,
    config,
    workerId: 'bench',
    steps: {
      [NOOP.type]: envelope.around(noop),
      [KNOWN.type]: envelope.around(known),
      bareNoop: runNoop,
    },
    specs: { [NOOP.type]: NOOP, [KNOWN.type]: KNOWN, bareNoop: NOOP },
    bookkeeping: {
      inlineSteps: envelope.inline({ [NOOP.type]: noop, [KNOWN.type]: known }),
      ...createRecordRun({ database, voice }),
      ...createLocks({ database, voice }),
      ...createBulk({ database, client, launch: async () => undefined }),
    },
    workflowBundle: bundle,
  });
  const running = queues.map(({ worker }) => worker.run());
  return {
    config,
    env,
    client,
    database,
    stop: async () => {
      for (const { worker } of queues) worker.shutdown();
      await Promise.all(running);
      await envelope.close();
      await connection.close();
      await database.close();
    },
  };
}
