import type { ApiClient } from './api-client.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The pages of a list, one after the other, until there is no more or so many items have come. */
export async function* pagesOf<T, P extends Page<T> = Page<T>>(
  api: ApiClient,
  path: string,
  query: { readonly [name: string]: string | undefined },
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<P> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  let after: string | null = null;
  let left = most;
  do {
    const search = new URLSearchParams([
      ...given,
      ['limit', String(Math.min(left, 200))],
      ...(after === null ? [] : [['after', after] as [string, string]]),
    ]);
    const { body }: { body: P } = await api.ask<P>('GET', `${path}?${search}`);
    yield body;
    left -= body.items.length;
    after = left > 0 ? body.next : null;
  } while (after !== null);
}
