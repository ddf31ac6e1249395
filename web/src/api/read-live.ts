import type { QueryFunctionContext } from '@tanstack/solid-query';
import type { Place } from '#jobs/places.ts';
import { showsOf } from '../live/places.ts';
import { noteRead } from '../live/read-at.ts';
import { allPages, type Whole } from './all-pages.ts';
import { getAtEvent } from './client.ts';
import type { Page } from './views.ts';

/** As much of a query's asking as a reading and its note need. */
export type Asking = Pick<QueryFunctionContext, 'client' | 'queryKey' | 'signal'>;

const note = ({ client, queryKey, signal }: Asking, event: string | null): void => {
  const query = client.getQueryCache().find({ queryKey, exact: true });
  if (query && !signal.aborted) noteRead(query, event);
};

/** Reads what a topic's news change, and notes of the query after which event it was read. */
export const readLive = async <T>(path: string, topic: string, asking: Asking): Promise<T> => {
  const { value, event } = await getAtEvent<T>(path, topic, asking.signal);
  note(asking, event);
  return value;
};

/** The same with the tag of the state it is in. */
export const readLiveTagged = async <T>(
  path: string,
  topic: string,
  asking: Asking,
): Promise<{ readonly value: T; readonly tag: string | null }> => {
  const { value, tag, event } = await getAtEvent<T>(path, topic, asking.signal);
  note(asking, event);
  return { value, tag };
};

/** Reads all of a list that a topic's news change, as `allPages` does; it is as new as its first page. */
export const allPagesLive = async <T>(path: string, topic: string, asking: Asking, text = ''): Promise<Whole<T>> => {
  let event: string | null = null;
  const whole = await allPages<T>(path, asking.signal, text, async (first) => {
    const read = await getAtEvent<Page<T>>(first, topic, asking.signal);
    event = read.event;
    return read.value;
  });
  note(asking, event);
  return whole;
};

/** The query of a place's list by name, or of what of it has a text; it is read anew when something there changes. */
export const wholePlaceQuery = <T>(place: Place, text: string) => ({
  queryKey: [place, 'whole', text] as const,
  queryFn: (asking: Asking) => allPagesLive<T>(`/${place}`, place, asking, text),
  meta: showsOf(place),
});
