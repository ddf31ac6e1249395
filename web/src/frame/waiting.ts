import type { QueryFunctionContext } from '@tanstack/solid-query';
import { get } from '../api/client.ts';

/** How many approvals wait for the reader. New ones are told of; that others have answered is not, so it is asked once a minute. */
export const waitingForMeQuery = () => ({
  queryKey: ['approvals', 'mine', 'count'] as const,
  queryFn: async ({ signal }: QueryFunctionContext) =>
    (await get<{ readonly items: readonly unknown[] }>('/approvals?mine=true', signal)).items.length,
  refetchInterval: 60_000,
});
