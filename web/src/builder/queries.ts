import type { QueryFunctionContext } from '@tanstack/solid-query';
import { get, getTagged, send } from '../api/client.ts';
import type { JobView } from '../api/views.ts';
import type { StepTypeView, TemplateView, ValidationView } from './views.ts';

/** Every step type there is; they change with the server only. */
export const stepTypesQuery = () => ({
  queryKey: ['step-types'] as const,
  queryFn: async ({ signal }: QueryFunctionContext) =>
    (await get<{ readonly items: readonly StepTypeView[] }>('/step-types', signal)).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** A job with the tag of its version, to begin a draft from; asked once, so that the text under the cursor is never replaced. */
export const sourceQuery = (name: string) => ({
  queryKey: ['job-source', name] as const,
  queryFn: ({ signal }: QueryFunctionContext) => getTagged<JobView>(`/jobs/${encodeURIComponent(name)}`, signal),
  staleTime: 0,
  gcTime: 0,
  refetchOnReconnect: false,
});

export const templatesQuery = () => ({
  queryKey: ['job-templates'] as const,
  queryFn: async ({ signal }: QueryFunctionContext) =>
    (await get<{ readonly items: readonly TemplateView[] }>('/jobs/templates', signal)).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** What the server says of a text, which it does not keep. */
export const validate = (source: string): Promise<ValidationView> => send<ValidationView>('POST', '/jobs/validate', { source });
