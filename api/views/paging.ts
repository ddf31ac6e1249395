import { z } from 'zod';
import { pageOf, readCursor, writeCursor } from '#db/cursor.ts';
import { HttpProblem } from '../problem.ts';

/** How much of a list is asked for, and after what. */
export const Paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(1000).optional().meta({ description: '`next` of the page before' }),
};

/** The same of a list that is also read backwards. */
export const TwoWayPaging = {
  ...Paging,
  before: z.string().max(1000).optional().meta({ description: '`prev` of the page after' }),
  from: z.enum(['end']).optional().meta({ description: 'the last page' }),
};

/** What lists are searched by. */
const q = z.string().min(1).max(100).optional();

/** How much of a list is asked for, and what of it: what has a text in these places, in any case. */
export const searchedIn = (places: string) => ({ ...Paging, q: q.meta({ description: `part of ${places}, in any case` }) });

/** A list is asked for from one place. Throws 400. */
export function requireOnePlace({ after, before, from }: { readonly [name in 'after' | 'before' | 'from']?: string | undefined }): void {
  if ([after, before, from].filter((place) => place !== undefined).length > 1)
    throw new HttpProblem(400, 'after, before, from: give one of them');
}

/** A page of a list that is read by name. */
export async function pageByName<T extends { readonly name: string }>(
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
  read: (after: string, limit: number) => Promise<readonly T[]>,
) {
  const [last] = after === undefined ? [''] : readCursor(after, 'name', ([name]) => typeof name === 'string');
  return pageOf(await read(String(last), limit + 1), limit, (row) => writeCursor('name', [row.name]));
}
