import type { Database, Sql } from '#db/client.ts';
import { type Governing, governingSince } from '#db/queries/schedules/find-schedule.ts';
import { calendarsOrNone } from '#db/queries/schedules/meant-at.ts';
import { claimUnswept, knownMoments, metBetween, setSwept, type Unswept, writeVerdicts } from '#db/queries/schedules/sweep.ts';
import { parseDuration } from '#jobs/duration.ts';
import { knownAround } from '#jobs/recurrence/calendar-times.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { type Meaning, type Meant, meantMoments } from '#jobs/schedules/meant-moments.ts';
import { type Verdict, whyHeldThen, whyMissed } from '#jobs/schedules/why-missed.ts';
import { take } from '#jobs/take.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';

/** How long after a moment, and after what jitter allows, its run has time to begin before anybody asks. */
const GRACE_MS = 60_000;
/** A schedule is looked over this often, and at once when nobody was there for longer. */
const EVERY_MS = 45_000;
const SCHEDULES_AT_ONCE = 50;
/** Moments of one schedule at a time; what comes after them is for the next time, when the others had theirs. */
const MOMENTS_AT_ONCE = 2_000;
/** One round takes hardly longer than this, so that a long past keeps nobody from stopping. */
const ROUND_MS = 10_000;

/**
 * Looks over what schedules meant to start and gives every moment without a trace its row: why it started nothing, or that it is still to start. Holds nothing
 * while it does, since a row that is there stands. Throws the first failure when the round is over; a schedule that failed comes again later.
 */
export async function sweepSchedules({ sql }: Pick<Database, 'sql'>, zones: ZoneData): Promise<void> {
  const failures: unknown[] = [];
  for (const until = Date.now() + ROUND_MS; Date.now() < until; ) {
    const rows = await claimUnswept(sql, EVERY_MS, SCHEDULES_AT_ONCE);
    const [oldest] = rows.map(({ swept_until }) => swept_until).toSorted();
    if (oldest === undefined) break;
    const ids = rows.map(({ id }) => id);
    const byId = Map.groupBy(await governingSince(sql, ids, oldest), ({ schedule_id }) => schedule_id);
    const swept = [];
    for (const row of rows) {
      try {
        swept.push({ id: row.id, swept_until: row.swept_until, ...(await sweepOne(sql, zones, row, byId.get(row.id) ?? [])) });
      } catch (error) {
        failures.push(error);
      }
    }
    await setSwept(sql, swept);
  }
  if (failures.length > 0) throw failures[0];
}

async function sweepOne(
  sql: Sql,
  zones: ZoneData,
  row: Unswept,
  governing: readonly Governing[],
): Promise<{ readonly until: number; readonly isMore: boolean }> {
  const { now } = row;
  const span = { from: Date.parse(row.swept_until), to: now };
  const meanings = await Promise.all(governing.map((one) => meaningOf(sql, zones, row, one, span)));
  const known = meanings.filter((one) => one !== null);
  const moments = [...take(meantMoments(known, span), MOMENTS_AT_ONCE)];
  const last = moments.at(-1)?.moment.at ?? now;
  const isMore = moments.length === MOMENTS_AT_ONCE;
  const early = moments.length === 0 ? null : await judge(sql, row, moments);
  // What is edited this instant means something from a moment ago on.
  const until = Math.min(early ?? (isMore ? last + 1 : now), now - GRACE_MS);
  return { until: Math.max(until, span.from), isMore: isMore && early === null };
}

/** Writes down what became of those of these moments that have no row; answers the first that may still start something by itself, which is looked at again. */
async function judge(sql: Sql, row: Unswept, moments: readonly Meant[]): Promise<number | null> {
  const told = await knownMoments(sql, row.id, Number(moments[0]?.moment.at), Number(moments.at(-1)?.moment.at) + 1);
  const open = moments.filter(({ moment }) => !told.has(moment.at));
  const [first, last] = [open[0], open.at(-1)];
  if (!first || !last) return null;
  const { now } = row;
  const { pauses, runs, ...met } = await metBetween(sql, row, first.moment.at, last.moment.at + 1);
  const verdicts: { at: number; verdict: Verdict }[] = [];
  let { waiting } = met;
  let early: number | null = null;
  for (const { moment, definition } of open) {
    const isDue = moment.at + jitterOf(definition) < now - GRACE_MS;
    const verdict = isDue
      ? whyMissed(moment, { now, ...policiesOf(definition), changed: changedOf(row, definition), pauses, runs, waiting })
      : whyHeldThen(moment, pauses);
    if (verdict === null) early ??= moment.at;
    else verdicts.push({ at: moment.at, verdict });
    if (verdict?.status === 'asked') waiting += 1;
  }
  await writeVerdicts(sql, row, verdicts);
  return early;
}

/** Null: the zone of that time is none any more. */
async function meaningOf(sql: Sql, zones: ZoneData, { project }: Unswept, one: Governing, span: Span): Promise<Meaning | null> {
  const { definition } = one;
  const zone = zones.zone(definition.timezone ?? SCHEDULE_DEFAULTS.timezone);
  if (!zone) return null;
  const calendars = await calendarsOrNone(sql, zones, project, definition, knownAround(span));
  return { definition, zone, calendars, from: Date.parse(one.from_at), until: one.until_at === null ? null : Date.parse(one.until_at) };
}

/** Since when its calendars are these, or later: what they took before is not known any more; null: it has none. */
const changedOf = ({ live_since }: Unswept, { calendars = [] }: ScheduleDefinition): number | null =>
  calendars.length === 0 ? null : Date.parse(live_since);

const jitterOf = ({ jitter }: ScheduleDefinition): number => (jitter === undefined ? 0 : parseDuration(jitter));

const policiesOf = (definition: ScheduleDefinition) => ({
  overlap: definition.overlap ?? SCHEDULE_DEFAULTS.overlap,
  catchupMs: parseDuration(definition.catchup_window ?? SCHEDULE_DEFAULTS.catchup_window),
  jitterMs: jitterOf(definition),
});
