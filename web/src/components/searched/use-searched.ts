import { keepPreviousData } from '@tanstack/solid-query';
import type { Whole } from '../../api/all-pages.ts';
import type { Asking } from '../../api/read-live.ts';
import { useQuery } from '../../api/use-query.ts';
import { useDelayed } from '../../time/delayed.ts';
import { searchState, text } from '../../url/search-state.ts';
import { useSearchState } from '../../url/use-search-state.ts';
import { isLoaded } from '../Fetched.tsx';
import { lasting } from '../lasting.ts';

const STATE = searchState<{ readonly q: string }>({ q: text(100) });
const TYPED_MS = 150;

interface WholeQuery<T> {
  readonly queryKey: readonly unknown[];
  readonly queryFn: (asked: Asking) => Promise<Whole<T>>;
  readonly refetchInterval?: number | false;
}

/** A list that may be longer than is read of it, narrowed by the text in the address: what has it in it the server finds, wherever it stands. */
export const useSearched = <T>(queryOf: (text: string) => WholeQuery<T>) => {
  const address = useSearchState(STATE);
  const written = () => address.value().q;
  const asked = useDelayed(written, TYPED_MS);
  const query = lasting(useQuery(() => ({ ...queryOf(asked().trim()), placeholderData: keepPreviousData })));
  return {
    query,
    text: written,
    dropped: address.dropped,
    items: () => query.data?.items ?? [],
    isCut: () => query.data?.isCut ?? false,
    /** There is nothing at all, by no text. */
    isNothing: () => isLoaded(query) && !query.isPlaceholderData && written() === '' && asked() === '' && query.data?.items.length === 0,
    type: (q: string) => address.change({ q }, 'typing'),
    clear: () => address.change({ q: '' }),
  };
};
export type Searched = Omit<ReturnType<typeof useSearched>, 'query' | 'items'> & { readonly items: () => readonly unknown[] };
