import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '#db/migrate.ts';
import { createDatabase } from '#db/testing/create-database.ts';
import { startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { startTemporal } from '#platform/local/temporal.ts';
import { provideTemporal } from '#platform/local/temporal-binary.ts';
import { workflowBundle } from '#worker/bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real PostgreSQL; each test file makes databases of its own on it. */
    postgresUrl: string;
    /** The name of a database there at the newest schema, which others are copied from. */
    migratedDatabase: string;
    /** A real Temporal server; each test file makes a namespace of its own on it. */
    temporalAddress: string;
    temporalBinary: string;
  }
}

const MIGRATED = 'migrated';

let stop: (() => Promise<void>) | undefined;

/** Starts the one Postgres and the one Temporal that all real tests share. */
export async function setup(project: TestProject): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'capstan-test-'));
  const { path: binary } = await provideTemporal();
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dir: path.join(dir, 'postgres'), settings: { fsync: 'off', max_connections: '400' } }),
    startTemporal({ binary, logDir: dir, uiPort: null }),
    // Before the first workers ask for it, who would each build it.
    workflowBundle(path.resolve('.capstan/bundle')),
  ]);
  await migrate(await createDatabase(postgres.url, MIGRATED));
  // Every process of the product that a test starts reads the same modules: compiled once, they start in half the time.
  process.env.NODE_COMPILE_CACHE ??= path.join(dir, 'compiled');
  project.provide('postgresUrl', postgres.url);
  project.provide('migratedDatabase', MIGRATED);
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalBinary', binary);
  stop = async () => {
    await Promise.all([postgres.stop(), temporal.stop()]);
    removePostgres(path.join(dir, 'postgres'));
    await rm(dir, { recursive: true, force: true });
  };
}

/** Ends both when all tests have ended. */
export const teardown = async (): Promise<void> => stop?.();
