import postgres from 'postgres';
import type { Sql, Transaction } from './client.ts';

/** A read that was given up because it took too long. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';

  constructor(ms: number) {
    super(`no answer within ${ms / 1000} s; ask for a narrower time range`);
  }
}

const CANCELED = '57014';

/** Reads in one transaction of which no statement takes longer than `ms`, planned for the very values it is asked with. Throws TooSlow. */
export const bounded = async <T>(sql: Sql, ms: number, read: (tx: Transaction) => Promise<T>): Promise<T> => {
  try {
    return (await sql.begin('read only', async (tx) => {
      await tx`select set_config('statement_timeout', ${String(ms)}, true), set_config('plan_cache_mode', 'force_custom_plan', true)`;
      return read(tx);
    })) as T;
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === CANCELED) throw new TooSlow(ms);
    throw error;
  }
};
