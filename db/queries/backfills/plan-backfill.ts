import { createHash } from 'node:crypto';
import { type ChosenFire, chooseFires } from '#jobs/backfills/choose-fires.ts';
import { type BackfillOrder, MOST_BACKFILL_FIRES, MOST_BACKFILL_MOMENTS, type Reprocess } from '#jobs/backfills/words.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { knownAround } from '#jobs/recurrence/calendar-times.ts';
import { candidates, starts } from '#jobs/recurrence/candidates.ts';
import type { Candidate, Span } from '#jobs/recurrence/wanted.ts';
import { SCHEDULE_DEFAULTS } from '#jobs/schedules/definition.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import type { Sql } from '../../client.ts';
import type { ScheduleRow } from '../../schema/schedules.ts';
import { usedCalendars } from '../calendars/used-calendars.ts';
import { earlierFires } from './earlier-fires.ts';

/** Which moments of a schedule's past are asked for. */
export interface BackfillAsked {
  readonly span: Span;
  readonly reprocess: Reprocess;
  readonly order: BackfillOrder;
  /** Moments at most, the first in order; null: all there are. */
  readonly limit: number | null;
  /** Starts also what blackouts and windows leave out. */
  readonly ignoreCalendars: boolean;
}

/** The moments a backfill starts, in its order, and what tells this list from any other. */
export interface BackfillPlan {
  readonly fires: readonly ChosenFire[];
  readonly hash: string;
}

/** Of a schedule, what says which moments it has. */
export type Backfilled = Pick<ScheduleRow, 'id' | 'project' | 'name' | 'definition'>;

/** What a backfill would start, by the rule and the fires as they are now. Throws InvalidInput for a range that is none or reaches ahead, and for more moments than one may have. */
export const planBackfill = async (sql: Sql, zones: ZoneData, schedule: Backfilled, asked: BackfillAsked): Promise<BackfillPlan> => {
  const { reprocess, order, ignoreCalendars } = asked;
  refuseRange(asked.span);
  const span = { from: asked.span.from, to: Math.min(asked.span.to, Date.now()) };
  const rule = ruleOf(schedule.definition);
  const name = schedule.definition.timezone ?? SCHEDULE_DEFAULTS.timezone;
  const zone = zones.zone(name);
  if (!zone) throw new InvalidInput([errorAt('/timezone', `the zone data ${zones.version} have no zone ${name}`)]);
  const calendars = ignoreCalendars ? [] : await usedCalendars(sql, schedule.project, schedule.definition, zones, knownAround(span));
  const earlier = await earlierFires(sql, schedule.id, span);
  if (earlier.size > MOST_BACKFILL_MOMENTS) throw tooMany(MOST_BACKFILL_MOMENTS, 'ask for a shorter one');
  const limit = asked.limit ?? MOST_BACKFILL_FIRES + 1;
  // Of a moment that failed, marks are shown whatever the rule makes of it now.
  const meant = reprocess === 'failed' ? candidates : starts;
  const fires = chooseFires(bounded(meant(rule, zone, span, calendars)), earlier, { reprocess, order, limit });
  if (fires.length > MOST_BACKFILL_FIRES) throw tooMany(MOST_BACKFILL_FIRES, 'ask for a shorter one, or give a limit');
  return { fires, hash: hashOf(schedule.id, fires) };
};

/** So that no range keeps the process busy for long. */
function* bounded(moments: Iterable<Candidate>): Iterable<Candidate> {
  let seen = 0;
  for (const moment of moments) {
    seen += 1;
    if (seen > MOST_BACKFILL_MOMENTS) throw tooMany(MOST_BACKFILL_MOMENTS, 'ask for a shorter one');
    yield moment;
  }
}

const tooMany = (most: number, instead: string): InvalidInput =>
  new InvalidInput([errorAt('/from', `there are more than ${most} moments in this range; ${instead}`)]);

function refuseRange({ from, to }: Span): void {
  if (to <= from) throw new InvalidInput([errorAt('/to', `${iso(to)} is not after from, ${iso(from)}`)]);
  if (to > Date.now() + CLOCK_SKEW_MS) {
    throw new InvalidInput([errorAt('/to', `${iso(to)} is ahead; a backfill goes over what has passed, and the schedule starts the rest`)]);
  }
}

/** By so much the clock of whoever asks up to now may be ahead of ours; what is ahead by ours is left to the schedule. */
const CLOCK_SKEW_MS = 60_000;

const iso = (at: number): string => new Date(at).toISOString();

/** A list as it is kept and compared. */
export const listOf = (fires: readonly ChosenFire[]): readonly [at: number, again: number, earlierRun: string | null][] =>
  fires.map(({ at, again, earlier_run }) => [at, again, earlier_run]);

const hashOf = (schedule: string, fires: readonly ChosenFire[]): string =>
  createHash('sha256')
    .update(JSON.stringify([schedule, listOf(fires)]))
    .digest('hex');
