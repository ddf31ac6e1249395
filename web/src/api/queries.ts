import { type QueryFunctionContext, replaceEqualDeep } from '@tanstack/solid-query';
import { keepNewer } from '../live/patches.ts';
import { type RunsFilter, runsSearch } from '../url/runs-filter.ts';
import { get } from './client.ts';
import type {
  CommandView,
  ConnectionView,
  CredentialView,
  HistoryEntry,
  JobView,
  Lineage,
  ListedJob,
  Page,
  RunSummary,
  RunView,
  StepView,
  TargetView,
  TransferView,
  WorkerView,
} from './views.ts';

// `live` marks what the event stream keeps fresh, and what is polled while it is down.
const live = { live: true } as const;

const read =
  <T>(path: string) =>
  ({ signal }: QueryFunctionContext) =>
    get<T>(path, signal);

/** Runs of a filter, newest first, a cursor page at a time. */
export const runsQuery = (filter: RunsFilter) => ({
  queryKey: ['runs', runsSearch(filter)] as const,
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => {
    const after = pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`;
    return get<Page<RunSummary>>(`/runs?limit=50&${runsSearch(filter)}${after}`, signal);
  },
  initialPageParam: null,
  getNextPageParam: (last: Page<RunSummary>) => last.next,
  meta: live,
});

export const runQuery = (id: string) => ({ queryKey: ['run', id] as const, queryFn: read<RunView>(`/runs/${id}`), meta: live });

/** A run's steps, and of each so many parts at most, those first that a person may have to look at. */
export const stepsQuery = (id: string, parts: number) => ({
  queryKey: ['steps', id, parts] as const,
  queryFn: async ({ signal }: QueryFunctionContext) => (await get<Page<StepView>>(`/runs/${id}/steps?parts=${parts}`, signal)).items,
  placeholderData: (known: readonly StepView[] | undefined, of?: { readonly queryKey: readonly unknown[] }) =>
    of?.queryKey[1] === id ? known : undefined,
  structuralSharing: (known: unknown, read: unknown) =>
    replaceEqualDeep(known, known === undefined ? read : keepNewer(known as readonly StepView[], read as readonly StepView[])),
  meta: live,
});

export const lineageQuery = (id: string) => ({
  queryKey: ['lineage', id] as const,
  queryFn: read<Lineage>(`/runs/${id}/lineage`),
  meta: live,
});

/** The address that a waiting step is to be called at, for those who may steer the run. */
export const webhookQuery = (run: string, key: string) => ({
  queryKey: ['webhook', run, key] as const,
  queryFn: read<{ readonly url: string; readonly used: boolean }>(`/runs/${run}/steps/${encodeURIComponent(key)}/webhook`),
});

/** The id of the run of a number; null when there is none. */
export const numberedRunQuery = (number: string) => ({
  queryKey: ['numbered', number] as const,
  queryFn: async ({ signal }: QueryFunctionContext) =>
    (await get<Page<RunSummary>>(`/runs?number=${number}&limit=1`, signal)).items[0]?.id ?? null,
});

/** Something a step did on its host, a cursor page at a time. */
const stepRows = <T>(what: 'commands' | 'transfers', run: string, key: string) => ({
  queryKey: [what, run, key] as const,
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => {
    const after = pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`;
    return get<Page<T>>(`/runs/${run}/steps/${encodeURIComponent(key)}/${what}?limit=50${after}`, signal);
  },
  initialPageParam: null,
  getNextPageParam: (last: Page<T>) => last.next,
  meta: live,
});

export const commandsQuery = (run: string, key: string) => stepRows<CommandView>('commands', run, key);

export const transfersQuery = (run: string, key: string) => stepRows<TransferView>('transfers', run, key);

/** The files of a step that are on their way. */
export const runningTransfersQuery = (run: string, key: string) => ({
  queryKey: ['transfers', run, key, 'running'] as const,
  queryFn: read<Page<TransferView>>(`/runs/${run}/steps/${encodeURIComponent(key)}/transfers?status=running`),
  meta: live,
});

export const connectionsQuery = (run: string, key: string) => ({
  queryKey: ['connections', run, key] as const,
  queryFn: read<{ readonly items: readonly ConnectionView[] }>(`/runs/${run}/steps/${encodeURIComponent(key)}/sessions`),
  meta: live,
});

export const historyQuery = (id: string) => ({
  queryKey: ['history', id] as const,
  queryFn: read<Page<HistoryEntry>>(`/runs/${id}/history`),
  meta: live,
});

/** Everything of a short list, all pages of it. */
const all =
  <T>(path: string) =>
  async ({ signal }: QueryFunctionContext): Promise<readonly T[]> => {
    const items: T[] = [];
    let after: string | null = null;
    do {
      const page: Page<T> = await get<Page<T>>(`${path}?limit=200${after === null ? '' : `&after=${encodeURIComponent(after)}`}`, signal);
      items.push(...page.items);
      after = page.next ?? null;
    } while (after !== null && items.length < 2000);
    return items;
  };

export const jobsQuery = () => ({ queryKey: ['jobs'] as const, queryFn: all<ListedJob>('/jobs') });

export const jobQuery = (name: string) => ({
  queryKey: ['job', name] as const,
  queryFn: read<JobView>(`/jobs/${encodeURIComponent(name)}`),
});

export const targetsQuery = () => ({ queryKey: ['targets'] as const, queryFn: all<TargetView>('/targets') });

export const credentialsQuery = () => ({ queryKey: ['credentials'] as const, queryFn: all<CredentialView>('/credentials') });

export const workersQuery = () => ({ queryKey: ['workers'] as const, queryFn: all<WorkerView>('/workers'), refetchInterval: 10_000 });
