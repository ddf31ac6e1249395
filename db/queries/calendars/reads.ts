import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../../client.ts';
import type { CalendarReadRow } from '../../schema/calendars.ts';

/** A text that was read from elsewhere, with what its server said of it. */
export type TextRead = Pick<CalendarReadRow, 'text' | 'etag' | 'last_modified'>;

/** Keeps a text for whoever asked for it; answers with its id. */
export const keepRead = async (sql: Queryable, { text, etag, last_modified }: TextRead): Promise<string> => {
  const id = uuidv7();
  await sql`insert into calendar_reads ${sql({ id, text, etag, last_modified })}`;
  return id;
};

/** Takes a kept text away; null when there is none any more. Served by the primary key. */
export const takeRead = async (sql: Queryable, id: string): Promise<TextRead | null> => {
  const [row] = await sql<TextRead[]>`delete from calendar_reads where id = ${id} returning text, etag, last_modified`;
  return row ?? null;
};
