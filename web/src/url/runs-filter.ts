import { RUN_STATUSES, type RunStatus } from '#jobs/run-state.ts';
import { type Field, searchState, text, whole, word, words } from './search-state.ts';

/** What can cause a run. */
export const RUN_TRIGGERS = ['manual', 'api', 'retry', 'rerun', 'schedule', 'sample', 'job', 'chain', 'bulk', 'test'] as const;
export const RUN_PRIORITIES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] as const;

/** What narrows the runs list; the URL is its only home, and the API takes the very same names and texts. */
export interface RunsFilter {
  readonly status: readonly RunStatus[];
  /** A name; with `*` at its end every name that begins so. */
  readonly job: string;
  readonly tag: string;
  readonly client: string;
  readonly ref_num: string;
  readonly number: number | null;
  readonly timezone: string;
  readonly target: string;
  readonly trigger: readonly (typeof RUN_TRIGGERS)[number][];
  readonly created_by: string;
  readonly priority: readonly (typeof RUN_PRIORITIES)[number][];
  /** A part of what failed runs say. */
  readonly error: string;
  readonly schedule: string;
  readonly parent: string;
  readonly chain_source: string;
  readonly bulk: string;
  /** `mine`: an approval in it waits for the reader. */
  readonly approvals: '' | 'mine';
  /** How long a step of it has been tried anew at least: `15m`. */
  readonly retrying: string;
  /** A moment in UTC, or how long ago: `24h`. */
  readonly since: string;
  readonly until: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const AGO = /^(\d{1,5})([mhd])$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const checked = (holds: (given: string) => boolean): Field<string> => ({
  absent: '',
  read: (given) => ({ value: holds(given) ? given : null }),
  write: (value) => value,
});
/** Ids of runs begin with their time, which has room for none before 1970. */
const isInReach = (at: number): boolean => at >= 0;
const isMoment = (given: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(given) && isInReach(Date.parse(given));
const isAgo = (given: string): boolean => AGO.test(given) && isInReach(momentOf(given, Date.now()) ?? -1);

/** An id, as text. */
export const id = () => checked((given) => UUID.test(given));

/** How each part of the filter stands in the query string. */
export const RUNS_FIELDS: { readonly [F in keyof RunsFilter]: Field<RunsFilter[F]> } = {
  status: words(RUN_STATUSES),
  job: text(100),
  tag: text(100),
  client: text(200),
  ref_num: text(200),
  number: whole(1, Number.MAX_SAFE_INTEGER),
  timezone: text(100),
  target: text(200),
  trigger: words(RUN_TRIGGERS),
  created_by: text(200),
  priority: words(RUN_PRIORITIES),
  error: text(200),
  schedule: text(100),
  parent: id(),
  chain_source: id(),
  bulk: id(),
  approvals: word(['', 'mine'], ''),
  retrying: checked(isAgo),
  since: checked((given) => isMoment(given) || isAgo(given)),
  until: checked(isMoment),
};

/** The filter as a part of the query string. */
export const RUNS_FILTER = searchState<RunsFilter>(RUNS_FIELDS);

export const NO_FILTER: RunsFilter = RUNS_FILTER.absent;

/** The query string of a filter, without `?`. */
export const runsSearch = (filter: RunsFilter): string => RUNS_FILTER.write(filter);

/** The names of what a filter is narrowed by. */
export const namesIn = (filter: RunsFilter): readonly (keyof RunsFilter)[] =>
  (RUNS_FILTER.names as readonly (keyof RunsFilter)[]).filter((name) => {
    const value = filter[name];
    return Array.isArray(value) ? value.length > 0 : value !== '' && value !== null;
  });

/** The moment that `since` or `until` stands for; null when it stands for none. */
export const momentOf = (said: string, now: number): number | null => {
  const [, count, unit] = AGO.exec(said) ?? [];
  if (unit) return now - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return said === '' ? null : Date.parse(said);
};

/** What of a run decides whether it belongs to a list. */
export interface Listable {
  readonly status: RunStatus;
  readonly number: number;
  readonly job: string;
  readonly client: string | null;
  readonly ref_num: string | null;
  readonly timezone: string | null;
  readonly target: string | null;
  readonly trigger: string;
  readonly created_by: string;
  readonly priority: number;
  readonly error_message: string | null;
  readonly schedule: string | null;
  readonly parent_run: string | null;
  readonly chain_source: string | null;
  readonly created_at: string;
}

const among = (list: readonly string[], value: string): boolean => list.length === 0 || list.includes(value);
const isJob = (asked: string, job: string): boolean =>
  asked.endsWith('*') ? job.startsWith(asked.slice(0, -1)) : asked === '' || asked === job;

/** Whether a run belongs in the list the filter describes, as far as the run itself tells; `perhaps`: only the server knows. */
export const matchesFilter = (filter: RunsFilter, run: Listable, now: number): boolean | 'perhaps' => {
  const created = Date.parse(run.created_at);
  const until = momentOf(filter.until, now);
  const texts = (['client', 'ref_num', 'timezone', 'target', 'created_by', 'schedule', 'chain_source'] as const).every(
    (name) => filter[name] === '' || filter[name] === run[name],
  );
  const matches =
    texts &&
    among(filter.status, run.status) &&
    among(filter.trigger, run.trigger) &&
    among(filter.priority, String(run.priority)) &&
    isJob(filter.job, run.job) &&
    (filter.number === null || filter.number === run.number) &&
    (filter.parent === '' || filter.parent === run.parent_run) &&
    (filter.error === '' || (run.error_message ?? '').toLowerCase().includes(filter.error.toLowerCase())) &&
    created >= (momentOf(filter.since, now) ?? 0) &&
    (until === null || created < until);
  const isAsked = [filter.tag, filter.bulk, filter.approvals, filter.retrying].some((asked) => asked !== '');
  return matches && isAsked ? 'perhaps' : matches;
};
