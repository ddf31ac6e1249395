import type { Json } from '#jobs/json.ts';

/** A cursor that no page of this list gave out. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';

  constructor(cursor: string) {
    super(`after: "${cursor.slice(0, 40)}" is not a cursor of this list; take it from the \`next\` of a page with the same sort`);
  }
}

/** A page of a list; `next` asks for the page after it, null when there is none. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The place after a row as opaque text: the list's sort, then the row's sort values. */
export const writeCursor = (sort: string, values: readonly Json[]): string =>
  Buffer.from(JSON.stringify([sort, ...values])).toString('base64url');

/** The sort values in a cursor that `writeCursor` made for this sort. */
export const readCursor = (cursor: string, sort: string, isPlace: (values: readonly Json[]) => boolean): readonly Json[] => {
  const values = parse(cursor);
  if (!Array.isArray(values) || values[0] !== sort || !isPlace(values.slice(1))) throw new InvalidCursor(cursor);
  return values.slice(1);
};

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
};

/** The page of a query that asked for one row more than `limit`. */
export const pageOf = <T>(rows: readonly T[], limit: number, cursorAfter: (row: T) => string): Page<T> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? cursorAfter(last) : null };
};
