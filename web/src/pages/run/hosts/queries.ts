import type { QueryFunctionContext } from '@tanstack/solid-query';
import { get } from '../../../api/client.ts';
import type { Page, Target } from '../../../api/views.ts';

/** Hosts that are looked at for their tags, at most. */
const MOST = 5_000;

/** The tags of each host, by its name. */
export const hostTagsQuery = () => ({
  queryKey: ['host-tags'] as const,
  queryFn: async ({ signal }: QueryFunctionContext): Promise<ReadonlyMap<string, readonly string[]>> => {
    const tags = new Map<string, readonly string[]>();
    let after: string | null = null;
    do {
      const page: Page<Pick<Target, 'name' | 'tags'>> = await get(
        `/targets?limit=200${after === null ? '' : `&after=${encodeURIComponent(after)}`}`,
        signal,
      );
      for (const target of page.items) tags.set(target.name, target.tags);
      after = page.next ?? null;
    } while (after !== null && tags.size < MOST);
    return tags;
  },
  staleTime: 60_000,
});
