import type { Sql, Transaction } from './client.ts';

/** The tables whose rows belong to one run and live and die with its month; the column is the run's UUIDv7. */
const PARTITIONED = {
  runs: 'id',
  run_steps: 'run_id',
  step_attempts: 'run_id',
  status_history: 'run_id',
  log_chunks: 'run_id',
  session_uses: 'run_id',
  command_results: 'run_id',
  file_transfers: 'run_id',
  run_inputs: 'run_id',
} as const;

/** Rows of these are updated in place while a step runs; the room left keeps such updates on their page. */
const UPDATED_IN_PLACE: readonly string[] = ['run_steps', 'step_attempts', 'file_transfers'];

const MONTHS_AHEAD = 2;
const LOCK = 0x63617073;

/** The lowest UUIDv7 that can be made at or after a time; all ids made before it sort lower. */
export const firstIdAt = (at: Date): string => {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
};

/** A month as the partitioned tables know it: what its partitions are called after, and which ids lie in it. */
export interface Month {
  readonly suffix: string;
  readonly from: string;
  readonly to: string;
  /** When it ends (epoch milliseconds). */
  readonly endsAt: number;
}

/** The month so many after the one of a moment. */
export const monthOf = (now: Date, offset: number): Month => {
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
  const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
  return { suffix: start.toISOString().slice(0, 7).replace('-', '_'), from: firstIdAt(start), to: firstIdAt(end), endsAt: end.getTime() };
};

/** Makes sure that every partitioned table has room for runs of this and the next two months; safe to call from many processes at once. */
export const ensurePartitions = async (sql: Sql, now: Date): Promise<void> => {
  // A machine whose clock is a little behind may still make ids of the month that just ended.
  const yesterday = new Date(now.getTime() - 86_400_000);
  const first = yesterday.getUTCMonth() === now.getUTCMonth() ? 0 : -1;
  const months = Array.from({ length: MONTHS_AHEAD + 1 - first }, (_, index) => monthOf(now, first + index));
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    const names = months.flatMap(({ suffix }) => Object.keys(PARTITIONED).map((table) => `${table}_${suffix}`));
    const present = await tx<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relname = any(${names})`;
    const existing = new Set(present.map(({ name }) => name));
    for (const month of months) {
      for (const table of Object.keys(PARTITIONED)) {
        if (!existing.has(`${table}_${month.suffix}`)) await addPartition(tx, table, month);
      }
    }
  });
};

/** Adds a month that is over to all partitioned tables, each partition filled before it is attached: only then it gets its indexes, in one go. Months that there are get their rows like any other. */
export const addPastMonth = async (sql: Sql, month: Month, fill: (tx: Transaction, suffix: string) => Promise<void>): Promise<void> => {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    const tables = Object.keys(PARTITIONED).map((table) => ({ table, name: `${table}_${month.suffix}` }));
    const present = await tx<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relname = any(${tables.map(({ name }) => name)})`;
    const missing = tables.filter(({ name }) => !present.some((one) => one.name === name));
    for (const { table, name } of missing)
      await tx.unsafe(`create table ${name} (like ${table} including all excluding identity excluding indexes)`);
    await fill(tx, month.suffix);
    for (const { table, name } of missing)
      await tx.unsafe(`alter table ${table} attach partition ${name} for values from ('${month.from}') to ('${month.to}')`);
  });
};

/** Made apart and then attached, which unlike `create … partition of` never makes running queries wait. */
const addPartition = async (tx: Transaction, table: string, { suffix, from, to }: Month): Promise<void> => {
  const name = `${table}_${suffix}`;
  const room = UPDATED_IN_PLACE.includes(table) ? 'with (fillfactor = 80)' : '';
  // Identifiers and bounds come from the constants and the clock above, never from a request.
  await tx.unsafe(`create table ${name} (like ${table} including all excluding identity) ${room}`);
  await tx.unsafe(`alter table ${table} attach partition ${name} for values from ('${from}') to ('${to}')`);
};
