import postgres from 'postgres';
import { arrayTypes } from './array-types.ts';
import { storableJson } from './storable-json.ts';

/** How rows come out: bigint as number (all of ours are below 2^53), timestamptz as ISO 8601 text in UTC, jsonb as values. */
type Types = { bigint: number; timestamp: string };

/** A pool of connections to Postgres. */
export type Sql = postgres.Sql<Types>;
/** One connection inside a transaction. */
export type Transaction = postgres.TransactionSql<Types>;
/** Either: what a query that is complete by itself asks for. */
export type Queryable = postgres.ISql<Types>;

export interface ConnectOptions {
  readonly url: string;
  /** A replica that lists may be read from; absent: `url`. */
  readonly readUrl?: string | undefined;
  /** Connections at most; default 10. */
  readonly max?: number | undefined;
}

/** The product's Postgres: `sql` for truth, `read` for lists that may lag a replica behind. */
export interface Database {
  readonly sql: Sql;
  readonly read: Sql;
  close(): Promise<void>;
}

const open = (url: string, max: number): Sql =>
  postgres(url, {
    max,
    onnotice: () => {},
    connect_timeout: 5,
    backoff: (attempts) => Math.min(0.1 * 2 ** attempts, 2),
    fetch_types: false,
    connection: { application_name: 'capstan', TimeZone: 'UTC', jit: false },
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      timestamp: { to: 1184, from: [1184], serialize: (at: string | Date) => (at instanceof Date ? at.toISOString() : at), parse: isoTime },
      json: { to: 3802, from: [114, 3802], serialize: storableJson, parse: JSON.parse },
      ...arrayTypes(isoTime),
    },
  });

const isoTime = (text: string): string => new Date(text).toISOString();

/** Opens the pools; connections are made when first needed and again after Postgres returns. */
export const connect = ({ url, readUrl, max = 10 }: ConnectOptions): Database => {
  const sql = open(url, max);
  const read = readUrl ? open(readUrl, max) : sql;
  return {
    sql,
    read,
    close: async () => {
      await Promise.all([sql.end({ timeout: 5 }), read === sql ? null : read.end({ timeout: 5 })]);
    },
  };
};

/** Rows as one parameter, to be opened by `jsonb_to_recordset`; what Postgres cannot store is replaced. */
export const jsonRows = (sql: Queryable, rows: readonly object[]) => sql.json(rows as unknown as postgres.JSONValue);
