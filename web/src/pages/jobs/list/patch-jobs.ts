import type { InfiniteData, QueryClient } from '@tanstack/solid-query';
import type { Page, RunSummary } from '../../../api/views.ts';
import { RECENT } from '../queries.ts';
import type { JobRow, RecentRun } from '../views.ts';

/** A job's newest runs with what is now known of one of them: it takes its place, by its number where it was not known, whichever news comes first. */
export const withRun = (runs: readonly RecentRun[], run: RecentRun): readonly RecentRun[] => {
  if (runs.some(({ id }) => id === run.id)) return runs.map((known) => (known.id === run.id ? run : known));
  return [...runs, run].sort((a, b) => b.number - a.number).slice(0, RECENT);
};

const withNews = (job: JobRow, run: RunSummary): JobRow => {
  const { id, number, status, execution_time_ms, created_at } = run;
  const isNewest = job.last_run_number === null || number >= job.last_run_number;
  return {
    ...job,
    ...(isNewest && { last_run_id: id, last_run_number: number, last_run_status: status, last_run_at: created_at }),
    recent_runs: withRun(job.recent_runs ?? [], { id, number, status, execution_time_ms, created_at }),
  };
};

/** Lays what is told of a run over the lists of jobs that are shown, and says whether it is one that they did not know. A run that only tries a step says nothing of how its job fares. */
export const patchJobs = (queries: QueryClient, run: RunSummary): boolean => {
  let isNew = false;
  if (run.trigger === 'test') return isNew;
  queries.setQueriesData<InfiniteData<Page<JobRow>>>({ queryKey: ['jobs', 'list'] }, (data) => {
    const job = data?.pages.flatMap((page) => page.items).find(({ name }) => name === run.job);
    if (!data || !job) return data;
    isNew ||= !job.recent_runs?.some(({ id }) => id === run.id);
    const news = withNews(job, run);
    return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map((one) => (one === job ? news : one)) })) };
  });
  return isNew;
};
