import type { QueryFunctionContext } from '@tanstack/solid-query';
import { keepNewerSummaries } from '../live/step-news.ts';
import { allPages } from './all-pages.ts';
import { get } from './client.ts';
import { readLive, wholePlaceQuery } from './read-live.ts';
import { readSummary, type SentSummary } from './step-summary.ts';
import type {
  CommandView,
  ConnectionView,
  CredentialView,
  HistoryEntry,
  JobView,
  Lineage,
  ListedJob,
  ListedTarget,
  Page,
  RunSummary,
  RunView,
  StepSummary,
  StepView,
  TransferView,
  WorkerView,
} from './views.ts';

// `live` marks what the event stream keeps fresh, and what is polled while it is down.
const live = { live: true } as const;

const read =
  <T>(path: string) =>
  ({ signal }: QueryFunctionContext) =>
    get<T>(path, signal);

/** Reads a part of a run, which the run's news change. */
const readOf =
  <T>(run: string, path: string) =>
  (asking: QueryFunctionContext) =>
    readLive<T>(path, `run:${run}`, asking);

export const runQuery = (id: string) => ({ queryKey: ['run', id] as const, queryFn: readOf<RunView>(id, `/runs/${id}`), meta: live });

/** Every step of a run that has started or ended, as lists show it. */
export const stepSummariesQuery = (id: string) => ({
  queryKey: ['step-summaries', id] as const,
  queryFn: async (asking: QueryFunctionContext): Promise<readonly StepSummary[]> =>
    (await readOf<{ readonly items: readonly SentSummary[] }>(id, `/runs/${id}/step-summaries`)(asking)).items.map(readSummary),
  structuralSharing: (known: unknown, read: unknown) =>
    known === undefined ? read : keepNewerSummaries(known as readonly StepSummary[], read as readonly StepSummary[]),
  meta: live,
});

/** Everything of one step that has started. */
export const stepQuery = (run: string, key: string) => ({
  queryKey: ['step', run, key] as const,
  queryFn: readOf<StepView>(run, `/runs/${run}/steps/${encodeURIComponent(key)}`),
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

/** Every status of a run and its steps; what is known already is not read again. */
export const historyQuery = (id: string) => ({
  queryKey: ['history', id] as const,
  queryFn: async ({ client, signal }: QueryFunctionContext): Promise<Page<HistoryEntry>> => {
    const known = client.getQueryData<Page<HistoryEntry>>(['history', id])?.items ?? [];
    const from = Math.max(0, ...known.slice(-KNOWN_END).map(({ seq }) => seq ?? 0));
    const page = await get<Page<HistoryEntry>>(`/runs/${id}/history${from > 0 ? `?from_seq=${from}` : ''}`, signal);
    return { ...page, items: [...known.filter(({ seq }) => seq !== null && seq < from), ...page.items] };
  },
  meta: live,
});
// Entries of one decision, and what nobody numbered, stand at the end.
const KNOWN_END = 1_000;

/** Everything of a short list, all pages of it. */
const all =
  <T>(path: string) =>
  async ({ signal }: QueryFunctionContext): Promise<readonly T[]> =>
    (await allPages<T>(path, signal)).items;

export const jobsQuery = () => ({ queryKey: ['jobs'] as const, queryFn: all<ListedJob>('/jobs') });

/** The first jobs that have a text in their name, title, description or a tag. */
export const jobsFoundQuery = (text: string, most: number) => ({
  queryKey: ['jobs', 'found', text, most] as const,
  queryFn: read<Page<ListedJob>>(`/jobs?limit=${most}${text === '' ? '' : `&q=${encodeURIComponent(text)}`}`),
  staleTime: FOUND_MS,
});
// Typing goes back and forth over the same texts.
const FOUND_MS = 10_000;

export const jobQuery = (name: string) => ({
  queryKey: ['job', name] as const,
  queryFn: read<JobView>(`/jobs/${encodeURIComponent(name)}`),
});

export const targetsQuery = (text = '') => wholePlaceQuery<ListedTarget>('targets', text);

export const credentialsQuery = (text = '') => wholePlaceQuery<CredentialView>('credentials', text);

export const workersQuery = () => ({ queryKey: ['workers'] as const, queryFn: all<WorkerView>('/workers'), refetchInterval: 10_000 });
