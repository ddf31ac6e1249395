import type { QueryFunctionContext } from '@tanstack/solid-query';
import { get } from '../../../api/client.ts';
import type { JobView } from '../../../api/views.ts';

/** A job as it was at one version, which never changes. */
export const jobVersionQuery = (name: string, version: number) => ({
  queryKey: ['job-version', name, version] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<JobView>(`/jobs/${encodeURIComponent(name)}/versions/${version}`, signal),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});
