import type { QueryFunctionContext } from '@tanstack/solid-query';
import { allPages } from '../../api/all-pages.ts';
import { get } from '../../api/client.ts';
import { allPagesLive } from '../../api/read-live.ts';
import { showsOf } from '../../live/places.ts';
import type { QueueDetail, QueueView, WeightView } from './views.ts';

/** Where the API keeps a queue; the slash of its zone is no part of the path. */
export const queueAt = (name: string): string => `/queues/${encodeURIComponent(name)}`;

/** All queues with how they stand, looked at every few seconds, since depth and rates are told by nobody. */
export const queuesQuery = () => ({
  queryKey: ['queues', 'list'] as const,
  queryFn: ({ signal }: QueryFunctionContext) => allPages<QueueView>('/queues', signal),
  refetchInterval: 3_000,
});

export const queueQuery = (name: string) => ({
  queryKey: ['queues', 'one', name] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<QueueDetail>(queueAt(name), signal),
  refetchInterval: 10_000,
});

/** Clients that have more or less than the usual share. */
export const weightsQuery = () => ({
  queryKey: ['queues', 'weights'] as const,
  queryFn: (asking: QueryFunctionContext) => allPagesLive<WeightView>('/queues/weights', 'weights', asking),
  meta: showsOf('weights'),
});
