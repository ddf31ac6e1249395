import { useLocation, useNavigate } from '@solidjs/router';
import { createMemo, onCleanup } from 'solid-js';
import { BASE } from '../api/client.ts';
import type { SearchState } from './search-state.ts';

/** How a change of the address shows in the history: an entry of its own, none, or one for all of what is being typed. */
export type HistoryEntry = 'new' | 'none' | 'typing';

/** A part of the address as state: read from it, changed by navigating; values of the address that belong to others stay. */
export const useSearchState = <T extends object>(state: SearchState<T>) => {
  const location = useLocation();
  const navigate = useNavigate();
  const parsed = createMemo(() => state.parse(location.search));
  let gone = false;
  onCleanup(() => {
    gone = true;
  });
  // The address that typing led to; as long as it is still there, typing goes on.
  let typed: string | null = null;

  const searchOf = (value: T): string => {
    const others = new URLSearchParams(location.search);
    for (const name of state.names) others.delete(name);
    return [state.write(value), others.toString()].filter((part) => part !== '').join('&');
  };

  const change = (part: Partial<T>, entry: HistoryEntry = 'new'): void => {
    const search = searchOf({ ...parsed().value, ...part });
    const now = location.search.replace(/^\?/, '');
    // The address of another page is not this one's to change.
    if (gone || search === now) return;
    const replace = entry === 'none' || (entry === 'typing' && typed === now);
    typed = entry === 'typing' ? search : null;
    navigate(`${location.pathname}${search === '' ? '' : `?${search}`}${location.hash}`, { replace, scroll: false, resolve: false });
  };

  return {
    value: () => parsed().value,
    /** What the address says that nobody understands, to be told. */
    dropped: () => parsed().dropped,
    change,
    /** The address of another value, for a link of the router. */
    href: (part: Partial<T>): string => {
      const search = searchOf({ ...parsed().value, ...part });
      return `${location.pathname.slice(BASE.length)}${search === '' ? '' : `?${search}`}`;
    },
  };
};
