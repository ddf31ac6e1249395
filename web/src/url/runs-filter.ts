import { RUN_STATUSES, type RunStatus } from '#jobs/run-state.ts';

/** What narrows the runs list; the URL is its only home. */
export interface RunsFilter {
  readonly status: readonly RunStatus[];
  readonly job: string;
  readonly client: string;
  readonly ref_num: string;
}

export const NO_FILTER: RunsFilter = { status: [], job: '', client: '', ref_num: '' };

const TEXTS = ['job', 'client', 'ref_num'] as const;
const MAX_TEXT = 200;
const isStatus = (word: string): word is RunStatus => (RUN_STATUSES as readonly string[]).includes(word);

/** Reads a filter from a query string; what it does not understand is dropped and named, so that the page can say so. */
export const parseRunsFilter = (search: string): { filter: RunsFilter; dropped: readonly string[] } => {
  const given = new URLSearchParams(search);
  const words = (given.get('status') ?? '').split(',').filter((word) => word !== '');
  const dropped = words.filter((word) => !isStatus(word)).map((word) => `status=${word}`);
  const texts = TEXTS.map((name) => {
    const text = given.get(name) ?? '';
    if (text.length > MAX_TEXT) dropped.push(`${name}=…`);
    return [name, text.length > MAX_TEXT ? '' : text] as const;
  });
  const status = RUN_STATUSES.filter((one) => words.includes(one));
  return { filter: { ...NO_FILTER, ...Object.fromEntries(texts), status }, dropped };
};

/** The query string of a filter, without `?`; parsing it again gives the same filter. */
export const runsSearch = (filter: RunsFilter): string => {
  const search = new URLSearchParams();
  if (filter.status.length > 0) search.set('status', filter.status.join(','));
  for (const name of TEXTS) if (filter[name] !== '') search.set(name, filter[name]);
  return search.toString().replaceAll('%2C', ',');
};

/** True when a run belongs in the list the filter describes. */
export const matchesFilter = (
  filter: RunsFilter,
  run: { status: RunStatus; job: string; client: string | null; ref_num: string | null },
): boolean =>
  (filter.status.length === 0 || filter.status.includes(run.status)) &&
  TEXTS.every((name) => filter[name] === '' || filter[name] === run[name]);
