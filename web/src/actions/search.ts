import { get } from '../api/client.ts';
import type { ListedJob, Page, RunSummary } from '../api/views.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MOST = 5;
/** The year 9999. */
const LATEST_MS = 253_370_764_800_000;

/** The jobs whose name or words hold what was typed. */
export const findJobs = async (typed: string, signal: AbortSignal): Promise<readonly ListedJob[]> =>
  typed === '' ? [] : (await get<Page<ListedJob>>(`/jobs?limit=${MOST}&q=${encodeURIComponent(typed)}`, signal)).items;

/** The runs that are meant by a number (`#42`), an id, or a reference. */
export const findRuns = async (typed: string, signal: AbortSignal): Promise<readonly RunSummary[]> => {
  if (typed === '' || typed.length > 200) return [];
  if (UUID.test(typed)) return runOf(typed.toLowerCase(), signal);
  const number = /^#?([1-9]\d{0,14})$/.exec(typed)?.[1];
  const found = await Promise.all([
    ...(number === undefined ? [] : [runsOf(`number=${number}`, signal)]),
    runsOf(`ref_num=${encodeURIComponent(typed)}`, signal),
  ]);
  return [...new Map(found.flat().map((run) => [run.id, run] as const)).values()].slice(0, MOST);
};

/** A run's id begins with its millisecond, of which the list is asked: an id that nothing has is then an empty answer, not an error. */
const runOf = async (id: string, signal: AbortSignal): Promise<readonly RunSummary[]> => {
  const ms = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  if (ms >= LATEST_MS) return [];
  const [since, until] = [ms, ms + 1].map((at) => encodeURIComponent(new Date(at).toISOString()));
  const { items } = await get<Page<RunSummary>>(`/runs?limit=200&since=${since}&until=${until}`, signal);
  return items.filter((run) => run.id === id);
};

const runsOf = async (filter: string, signal: AbortSignal): Promise<readonly RunSummary[]> =>
  (await get<Page<RunSummary>>(`/runs?limit=${MOST}&${filter}`, signal)).items;
