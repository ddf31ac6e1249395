import { useQueryClient } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { ApiProblem } from '../../../api/problem.ts';
import { whenChanged } from '../../../solid.ts';
import { jobNowQuery } from '../queries.ts';
import type { JobNow } from '../views.ts';
import { t } from '../words.ts';

/** What became of a job since it was seen, in words. */
export const newsSince = (seen: JobNow, now: JobNow): string => {
  const says = [
    ...(now.version === seen.version ? [] : [t('changed.version', now.version, now.author, now.message ?? '')]),
    ...(now.active === seen.active ? [] : [t(now.active ? 'changed.on' : 'changed.off', now.updated_by)]),
  ];
  return says.length === 0 ? t('changed.same') : says.join(' ');
};

/** The state of a job that a dialog was opened on. A change is made to that state alone; where there is another by now, its reader is told what it is before the next try. */
export const createSeen = (job: () => JobNow, open: () => boolean) => {
  const queries = useQueryClient();
  const [seen, setSeen] = createSignal(job());
  const [news, setNews] = createSignal<string>();
  whenChanged(open, (isOpen) => {
    if (!isOpen) return;
    setSeen(job());
    setNews(undefined);
  });
  const change = async <T>(make: (ifMatch: string | null) => Promise<T>): Promise<T> => {
    try {
      return await make(seen().etag);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) {
        const { queryKey } = jobNowQuery(job().name);
        await queries.invalidateQueries({ queryKey });
        const now = queries.getQueryData<JobNow>(queryKey) ?? job();
        setNews(newsSince(seen(), now));
        setSeen(now);
      }
      throw error;
    }
  };
  return { change, news };
};
