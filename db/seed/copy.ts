import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Queryable } from '../client.ts';

/** A value as `COPY` reads it in its text format; null is `\N`. */
export type Copied = string | number | boolean | Uint8Array | null;

const LINES_AT_ONCE = 500;
const ESCAPED: { readonly [character: string]: string } = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Sends rows to a table by COPY, as fast as it takes them; answers how many. */
export async function copyInto(
  sql: Queryable,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly Copied[]>,
): Promise<number> {
  // Names come from the constants of this room.
  const into = await sql.unsafe(`copy ${table} (${columns.join(', ')}) from stdin`).writable();
  let sent = 0;
  function* chunks(): Generator<string> {
    let lines: string[] = [];
    for (const row of rows) {
      sent += 1;
      if (lines.push(row.map(copied).join('\t')) < LINES_AT_ONCE) continue;
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
  await pipeline(Readable.from(chunks(), { objectMode: true }), into);
  return sent;
}

function copied(value: Copied): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return value.replace(/[\\\n\r\t]/g, (character) => ESCAPED[character] ?? character);
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`;
  return String(value);
}
