import { createMemo } from 'solid-js';
import { type Fetching, isLoaded } from './Fetched.tsx';

/** A query whose data stay when what is asked for next cannot be had: they are then those of before, with nothing further on either side. */
export const lasting = <Q extends Fetching<unknown>>(query: Q): Q => {
  const known = createMemo((before: { readonly data: unknown } | null) => (isLoaded(query) ? { data: query.data } : before), null);
  const isLeft = () => known() !== null && query.error !== null && !isLoaded(query);
  const left: { readonly [name: string | symbol]: () => unknown } = {
    data: () => known()?.data,
    isPlaceholderData: () => true,
    hasNextPage: () => false,
    hasPreviousPage: () => false,
  };
  return new Proxy(query, {
    get: (target, name) => (Object.hasOwn(left, name) && isLeft() ? left[name]?.() : Reflect.get(target, name)),
  });
};
