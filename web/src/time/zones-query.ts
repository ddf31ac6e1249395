import type { QueryFunctionContext } from '@tanstack/solid-query';
import { get } from '../api/client.ts';
import type { ZonesView } from './zones.ts';

/** The zones there are; they change with a release of the product only. */
export const zonesQuery = () => ({
  queryKey: ['timezones'] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<ZonesView>('/timezones', signal),
  staleTime: 3_600_000,
});
