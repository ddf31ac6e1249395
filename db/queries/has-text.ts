import type { PendingQuery, Row } from 'postgres';
import type { Queryable } from '../client.ts';

/** `and` that one of these columns has this text in it, in any case, as people look for what they half remember; nothing when no text is asked for. Rows are looked through one by one. */
export const hasText = (sql: Queryable, text: string | undefined, columns: PendingQuery<Row[]>) =>
  text === undefined ? sql`` : sql`and strpos(lower(concat_ws(chr(10), ${columns})), ${text.toLowerCase()}) > 0`;
