import type { Json } from '#jobs/json.ts';
import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { CommandResultRow, FileTransferRow, SshSessionRow } from '../schema/remote.ts';
import type { TransferStatus } from '../schema/words.ts';

/** Which rows of a step, strictly after the cursor. */
export interface StepRowsQuery {
  readonly run: string;
  readonly key: string;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of a step's commands, by execution and place in it. Served by the primary key. */
export const listCommands = async (sql: Queryable, query: StepRowsQuery): Promise<Page<CommandResultRow>> => {
  const { run, key, limit } = query;
  const [attempt, number] = placeAfter(query.after);
  const rows = await sql<CommandResultRow[]>`
    select * from command_results where run_id = ${run} and key = ${key} and (attempt, number) > (${attempt}, ${number})
    order by attempt, number limit ${limit + 1}`;
  return pageOf(rows, limit, cursorOf);
};

/** A page of a step's files, by execution and place in it, of one status if asked. Served by the primary key. */
export const listTransfers = async (
  sql: Queryable,
  query: StepRowsQuery & { readonly status?: TransferStatus | undefined },
): Promise<Page<FileTransferRow>> => {
  const { run, key, limit, status } = query;
  const [attempt, number] = placeAfter(query.after);
  const rows = await sql<FileTransferRow[]>`
    select * from file_transfers where run_id = ${run} and key = ${key} and (attempt, number) > (${attempt}, ${number})
    ${status === undefined ? sql`` : sql`and status = ${status}`}
    order by attempt, number limit ${limit + 1}`;
  return pageOf(rows, limit, cursorOf);
};

/** The connections a step has used, the first first. Served by the primary keys. */
export const listSessions = async (sql: Queryable, run: string, key: string): Promise<readonly SshSessionRow[]> =>
  sql<SshSessionRow[]>`
    select s.* from session_uses u join ssh_sessions s on s.session_id = u.session_id
    where u.run_id = ${run} and u.key = ${key} order by u.at, s.session_id`;

const placeAfter = (cursor: string | undefined): readonly [attempt: number, number: number] => {
  if (cursor === undefined) return [-1, -1];
  const [attempt, number] = readCursor(cursor, 'place', isPlace) as readonly [number, number];
  return [attempt, number];
};

/** Both fit the columns. */
const isPlace = (values: readonly Json[]): boolean =>
  values.length === 2 && values.every((value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31);

const cursorOf = ({ attempt, number }: { readonly attempt: number; readonly number: number }) => writeCursor('place', [attempt, number]);
