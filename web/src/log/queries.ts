import type { QueryFunctionContext } from '@tanstack/solid-query';
import { get } from '../api/client.ts';
import { logPath } from './source.ts';
import type { LogGroups } from './views.ts';

/** The commands of a step as stretches of its log, in order; read again with its commands. */
export const groupsQuery = (run: string, key: string) => ({
  queryKey: ['commands', run, key, 'groups'] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<LogGroups>(`${logPath(run, key)}/groups`, signal),
  meta: { live: true },
});
