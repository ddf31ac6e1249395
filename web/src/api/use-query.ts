// biome-ignore lint/style/noRestrictedImports: here they are made steady.
import { useInfiniteQuery as theirInfinite, useQuery as theirs } from '@tanstack/solid-query';
import { createMemo, createRoot, onCleanup } from 'solid-js';

/**
 * A query whose data can be read anywhere at any time, undefined until they came. TanStack's own, read within a `Suspense`, take that whole part of the page
 * off the screen and back again when they are asked for anew, with the focus and the offset in it (TanStack/query#9955).
 */
const steady = <Use extends (...args: never[]) => { readonly data: unknown }>(use: Use): Use =>
  ((...args: Parameters<Use>) => {
    const query = use(...args);
    // Owned by nothing that could be suspended, so ended by hand.
    const [data, end] = createRoot((dispose) => [createMemo(() => query.data), dispose] as const, null);
    onCleanup(end);
    return new Proxy(query, { get: (of, name) => (name === 'data' ? data() : Reflect.get(of, name)) });
  }) as Use;

export const useQuery = steady(theirs);
export const useInfiniteQuery = steady(theirInfinite);
