import type { QueryFunctionContext } from '@tanstack/solid-query';
import { withoutEscapes } from '#jobs/escapes.ts';
import { get, getTextUpTo } from '../../api/client.ts';
import type { LogPage, Page, RunSummary } from '../../api/views.ts';
import type { ComparisonView } from './views.ts';

/** How two runs differ. */
export const comparisonQuery = (a: string, b: string) => ({
  queryKey: ['comparison', a, b] as const,
  queryFn: ({ signal }: QueryFunctionContext) =>
    get<ComparisonView>(`/runs/compare?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`, signal),
  retry: false,
  meta: { live: true },
});

/** Runs to choose from: the newest, of one job where it is known. */
export const candidatesQuery = (job: string | undefined) => ({
  queryKey: ['comparison-candidates', job ?? ''] as const,
  queryFn: async ({ signal }: QueryFunctionContext) =>
    (await get<Page<RunSummary>>(`/runs?limit=30${job === undefined ? '' : `&job=${encodeURIComponent(job)}`}`, signal)).items,
});

/** Lines and characters of one log that a page compares. */
export const MOST_LINES = 20_000;
const MOST_CHARACTERS = 4_000_000;

/** A log as one text, or only how long it is where it is too long to be compared here. */
export interface WholeLog {
  readonly total: number;
  readonly text: string | null;
}

/** The whole log of a step, as far as a page compares it, as a reader sees it; `mark` is another one when there may be more of it. */
export const wholeLogQuery = (run: string, key: string, mark: string) => ({
  queryKey: ['whole-log', run, key, mark] as const,
  queryFn: async ({ signal }: QueryFunctionContext): Promise<WholeLog> => {
    const path = `/runs/${run}/steps/${encodeURIComponent(key)}/log`;
    const { total } = await get<LogPage>(`${path}?from=-1&limit=1`, signal);
    if (total > MOST_LINES) return { total, text: null };
    const text = await getTextUpTo(`${path}/text?view=text`, MOST_CHARACTERS, signal);
    return { total, text: text === null ? null : text.split('\n').map(withoutEscapes).join('\n') };
  },
  gcTime: 30_000,
});
