import type { RunStatus } from '#jobs/run-state.ts';
import type { Series } from '../../charts/series.ts';
import type { RunsHistogram } from './views.ts';
import { t } from './words.ts';

/** What is drawn as one; those that ended badly stand at the foot, where their heights compare. */
const OUTCOMES = [
  { id: 'queued', tone: 'queued', statuses: ['pending', 'scheduled', 'queued'] },
  { id: 'waiting', tone: 'waiting', statuses: ['waiting', 'paused'] },
  { id: 'active', tone: 'running', statuses: ['running', 'retrying'] },
  { id: 'cancelled', tone: 'cancelled', statuses: ['cancelled', 'skipped'] },
  { id: 'completed', tone: 'completed', statuses: ['completed'] },
  { id: 'bad', tone: 'failed', statuses: ['failed', 'timed_out', 'missed', 'lost'] },
] as const satisfies readonly { readonly id: string; readonly tone: RunStatus; readonly statuses: readonly (RunStatus | 'skipped')[] }[];

/** The begins of the buckets, and by outcome how many runs each holds; outcomes that no run has are left out. */
export const seriesOf = ({
  from,
  ms,
  buckets,
  items,
}: RunsHistogram): { readonly times: readonly number[]; readonly series: readonly Series[] } => {
  const begin = Date.parse(from);
  const times = Array.from({ length: buckets }, (_, at) => begin + at * ms);
  const series = OUTCOMES.map(({ id, tone, statuses }) => {
    const values = times.map(() => 0);
    for (const { bucket, status, runs } of items) {
      if ((statuses as readonly string[]).includes(status) && bucket < values.length) values[bucket] = (values[bucket] ?? 0) + runs;
    }
    return { id, name: t(`histogram.${id}`), tone, values };
  });
  return { times, series: series.filter(({ values }) => values.some((value) => value > 0)) };
};
