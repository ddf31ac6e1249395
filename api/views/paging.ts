import { z } from 'zod';
import { pageOf, readCursor, writeCursor } from '#db/cursor.ts';

/** How much of a list is asked for, and after what. */
export const Paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(1000).optional().meta({ description: '`next` of the page before' }),
};

/** A page of a list that is read by name. */
export async function pageByName<T extends { readonly name: string }>(
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
  read: (after: string, limit: number) => Promise<readonly T[]>,
) {
  const [last] = after === undefined ? [''] : readCursor(after, 'name', ([name]) => typeof name === 'string');
  return pageOf(await read(String(last), limit + 1), limit, (row) => writeCursor('name', [row.name]));
}
