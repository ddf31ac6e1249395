import { get } from '../../../api/client.ts';
import type { Page } from '../../../api/views.ts';
import type { AuditEntryView } from './views.ts';

/** What was done to one run, newest first, a page at a time. */
export const auditQuery = (run: string) => ({
  queryKey: ['audit', 'run', run] as const,
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => {
    const after = pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`;
    return get<Page<AuditEntryView>>(`/audit?subject_kind=run&subject=${run}&limit=50${after}`, signal);
  },
  initialPageParam: null,
  getNextPageParam: (last: Page<AuditEntryView>) => last.next,
});
