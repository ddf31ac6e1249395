import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { connect, type Sql, type Transaction } from './client.ts';
import { ensurePartitions } from './partitions.ts';

const FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));
const LOCK = 0x63617074;
const OLDEST_SERVER = 18;

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/** Brings the database at `url` to the newest schema, all or nothing, and makes the partitions of the coming months. Many may call it at once: one works, the others wait. Refuses a database whose applied migrations differ from the files. */
export const migrate = async (url: string, folder = FOLDER): Promise<void> => {
  const migrations = await readMigrations(folder);
  const database = connect({ url, max: 1 });
  try {
    await database.sql.begin(async (tx) => {
      await refuseOldServer(tx);
      await tx`select pg_advisory_xact_lock(${LOCK})`;
      await applyMissing(tx, migrations);
    });
    await ensurePartitions(database.sql, new Date());
  } finally {
    await database.close();
  }
};

/** The names of the migrations a database still lacks; empty when it is up to date. */
export const pendingMigrations = async (sql: Sql): Promise<readonly string[]> => {
  const wanted = await namesIn(FOLDER);
  const [table] = await sql<{ name: string | null }[]>`select to_regclass('applied_migrations')::text as name`;
  const applied = table?.name ? await sql<{ name: string }[]>`select name from applied_migrations` : [];
  const names = new Set(applied.map(({ name }) => name));
  return wanted.filter((name) => !names.has(name));
};

const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();

const readMigrations = async (folder: string): Promise<readonly Migration[]> => {
  const names = await namesIn(folder);
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${folder}/${name}`, 'utf8');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    }),
  );
};

const refuseOldServer = async (tx: Transaction): Promise<void> => {
  const [server] = await tx<{ server_version: string }[]>`show server_version`;
  if (Number.parseInt(server?.server_version ?? '', 10) < OLDEST_SERVER)
    throw new Error(`this Postgres is ${server?.server_version}; Capstan needs ${OLDEST_SERVER} or newer`);
};

const applyMissing = async (tx: Transaction, migrations: readonly Migration[]): Promise<void> => {
  await tx`create table if not exists applied_migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())`;
  const rows = await tx<{ name: string; hash: string }[]>`select name, hash from applied_migrations`;
  const applied = new Map(rows.map(({ name, hash }) => [name, hash]));
  for (const { name, text, hash } of migrations) {
    const before = applied.get(name);
    if (before === hash) continue;
    if (before) throw new Error(`db/migrations/${name} was changed after it was applied to this database; add a new migration instead`);
    await tx.unsafe(text);
    await tx`insert into applied_migrations (name, hash) values (${name}, ${hash})`;
  }
};
