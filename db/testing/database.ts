import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { connect, type Database } from '../client.ts';
import { migrate } from '../migrate.ts';

/** A database of one test file's own, on the server that all share. */
export interface TestDatabase extends Database {
  readonly url: string;
}

/** Makes an empty database; `close` drops it. */
export const emptyDatabase = async (): Promise<TestDatabase> => {
  const server = inject('postgresUrl');
  const name = `db_${randomBytes(6).toString('hex')}`;
  const admin = connect({ url: server, max: 1 });
  await admin.sql.unsafe(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = connect({ url: url.href, max: 20 });
  return {
    ...database,
    url: url.href,
    close: async () => {
      await database.close();
      await admin.sql.unsafe(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
};

/** Makes a database at the newest schema; `close` drops it. */
export const testDatabase = async (): Promise<TestDatabase> => {
  const database = await emptyDatabase();
  await migrate(database.url);
  return database;
};
