import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { connect, type Database } from '../client.ts';
import { createDatabase } from './create-database.ts';

/** A database of one test file's own, on the server that all share. */
export interface TestDatabase extends Database {
  readonly url: string;
}

/** Makes an empty database; `close` drops it. */
export const emptyDatabase = (): Promise<TestDatabase> => open();

/** Makes a database at the newest schema; `close` drops it. */
export const testDatabase = (): Promise<TestDatabase> => open(inject('migratedDatabase'));

async function open(copyOf?: string): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `db_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(server, name, copyOf);
  const database = connect({ url, max: 20 });
  return {
    ...database,
    url,
    close: async () => {
      await database.close();
      const admin = connect({ url: server, max: 1 });
      await admin.sql.unsafe(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}
