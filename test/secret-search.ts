import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import type { Sql } from '#db/client.ts';
import { historyToJson } from './histories/json.ts';
import { spelledOut } from './histories/scrub.ts';

/** Shorter than this, a form would be found by chance. */
const SHORTEST = 8;

/** A secret as it is, in hex, as part of an address, and the middle of its base64 at each alignment. */
export const formsOf = (secret: string): readonly string[] =>
  [
    secret,
    Buffer.from(secret).toString('hex'),
    encodeURIComponent(secret),
    ...[0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + secret)
        .toString('base64')
        .slice(4, -4),
    ),
  ].filter((form) => form.length >= SHORTEST);

/** Every row of every table as text, with the logs unpacked. */
export async function databaseDump(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select quote_ident(table_name) as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`;
  const dump = new Map<string, string>();
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
    dump.set(name, rows.map(({ row }) => row).join('\n'));
  }
  const chunks = await sql<{ data: Buffer }[]>`select data from log_chunks`;
  dump.set('log_chunks, unpacked', chunks.map(({ data }) => inflateRawSync(data).toString()).join('\n'));
  return dump;
}

/** All that Temporal keeps of a run, payloads opened. */
export async function historyText(temporal: Client, run: string): Promise<string> {
  return spelledOut(historyToJson(await temporal.workflow.getHandle(`run:${run}`).fetchHistory()));
}

/** The files below a directory with what is in them; none when it is not there. What goes while it is read is left out. */
export async function filesBelow(directory: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of (await unlessGone(readdir(directory, { withFileTypes: true }))) ?? []) {
    const place = path.join(directory, entry.name);
    if (entry.isDirectory()) for (const [file, text] of await filesBelow(place)) files.set(file, text);
    const text = entry.isFile() ? await unlessGone(readFile(place, 'latin1')) : null;
    if (text !== null) files.set(place, text);
  }
  return files;
}

const unlessGone = <T>(reading: Promise<T>): Promise<T | null> =>
  reading.catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : Promise.reject(error)));
