import type { QueryFunctionContext } from '@tanstack/solid-query';
import { noteRead } from '../live/read-at.ts';
import { getAtEvent } from './client.ts';

/** Reads what a topic's news change, and notes of the query after which event it was read. */
export const readLive = async <T>(
  path: string,
  topic: string,
  { client, queryKey, signal }: Pick<QueryFunctionContext, 'client' | 'queryKey' | 'signal'>,
): Promise<T> => {
  const { value, event } = await getAtEvent<T>(path, topic, signal);
  const query = client.getQueryCache().find({ queryKey, exact: true });
  if (query && !signal.aborted) noteRead(query, event);
  return value;
};
