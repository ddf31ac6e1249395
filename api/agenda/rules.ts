import type { Sql } from '#db/client.ts';
import { type AgendaFilter, ruledSince, type Standing, stopsOfAll } from '#db/queries/agenda/standing-schedules.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { Meaning, Outlook } from './outlook.ts';
import type { Pace } from './pace.ts';

/** All that the rules of schedules say, as it stands at one time. */
export interface Rules {
  readonly schedules: readonly Standing[];
  /** Of each schedule; null: its zone is not known. */
  readonly meanings: readonly (Meaning | null)[];
  /** When all schedules are stopped. */
  readonly stops: readonly Span[];
  readonly now: number;
  /** Null: only what is ahead is asked for, and that is the rules' alone. */
  readonly since: ReadonlyMap<string, number> | null;
}

/** Reads what the rules of the schedules that a filter lets through say of a span. */
export async function readRules(sql: Sql, outlook: Outlook, filter: AgendaFilter, span: Span, pace: Pace): Promise<Rules> {
  const { project, job, schedule } = filter;
  const now = Date.now();
  const [known, stops, since] = await Promise.all([
    outlook.know(sql, project, pace),
    stopsOfAll(sql, project),
    span.from <= now ? ruledSince(sql, filter) : null,
  ]);
  if (job === undefined && schedule === undefined) return { ...known, stops, now, since };
  const isWanted = (one: Standing) => (job === undefined || one.job === job) && (schedule === undefined || one.name === schedule);
  const wanted = known.schedules.map(isWanted);
  return {
    schedules: known.schedules.filter((_, index) => wanted[index]),
    meanings: known.meanings.filter((_, index) => wanted[index]),
    stops,
    now,
    since,
  };
}

/** The moment from which on a schedule's moments are those of its rule. */
export const ruledFrom = ({ since, now }: Rules, { id }: Standing): number => (since === null ? now : (since.get(id) ?? now));
