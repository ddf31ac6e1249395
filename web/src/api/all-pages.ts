import { get } from './client.ts';
import type { Page } from './views.ts';

const MOST = 2_000;

/** All of a list, as far as it is read. */
export interface Whole<T> {
  readonly items: readonly T[];
  /** There are more. */
  readonly isCut: boolean;
}

/** Reads a list page by page to its end, or to its two thousandth item; with a text, what the server finds by it. The first page may be read in another way. */
export const allPages = async <T>(
  path: string,
  signal?: AbortSignal,
  text = '',
  readFirst = (first: string): Promise<Page<T>> => get<Page<T>>(first, signal),
): Promise<Whole<T>> => {
  const items: T[] = [];
  let after: string | null = null;
  do {
    const asked: string[] = ['limit=200', ...(text === '' ? [] : [`q=${encodeURIComponent(text)}`])];
    if (after !== null) asked.push(`after=${encodeURIComponent(after)}`);
    const at = `${path}${path.includes('?') ? '&' : '?'}${asked.join('&')}`;
    const page: Page<T> = await (after === null ? readFirst(at) : get<Page<T>>(at, signal));
    items.push(...page.items);
    after = page.next ?? null;
  } while (after !== null && items.length < MOST);
  return { items, isCut: after !== null };
};

/** The query of a list by name, or of what of it has a text; both are read anew by the name they are kept under. */
export const wholeQuery = <T>(name: string, path: string, text: string) => ({
  queryKey: [name, 'whole', text] as const,
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => allPages<T>(path, signal, text),
});
