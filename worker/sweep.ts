import type { Database, Transaction } from '#db/client.ts';
import { type Governing, governingSince } from '#db/queries/schedules/find-schedule.ts';
import { calendarsOrNone } from '#db/queries/schedules/meant-at.ts';
import { knownMoments, metBetween, setSwept, takeUnswept, type Unswept, writeVerdicts } from '#db/queries/schedules/sweep.ts';
import { parseDuration } from '#jobs/duration.ts';
import { knownAround } from '#jobs/recurrence/calendar-times.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { type Meaning, meantMoments } from '#jobs/schedules/meant-moments.ts';
import { type Verdict, whyMissed } from '#jobs/schedules/why-missed.ts';
import { take } from '#jobs/take.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';

/** How long after a moment, and after what jitter allows, its run has time to begin before anybody asks. */
const GRACE_MS = 60_000;
/** A schedule is looked over this often, and at once when nobody was there for longer. */
const EVERY_MS = 45_000;
const SCHEDULES_AT_ONCE = 200;
/** Moments of one schedule at a time; what comes after them is for the next round. */
const MOMENTS_AT_ONCE = 2_000;
/** One round takes no longer than this, so that a long past keeps nobody from stopping. */
const ROUND_MS = 10_000;

/** Looks over what schedules meant to start and gives every moment without a trace its row: why it started nothing, or that it is still to start. Answers how many it wrote. */
export async function sweepSchedules({ sql }: Pick<Database, 'sql'>, zones: ZoneData): Promise<number> {
  const until = Date.now() + ROUND_MS;
  let written = 0;
  while (Date.now() < until) {
    const round = await sql.begin((tx) => sweepSome(tx, zones));
    written += round.written;
    if (!round.isMore) break;
  }
  return written;
}

async function sweepSome(tx: Transaction, zones: ZoneData): Promise<{ readonly written: number; readonly isMore: boolean }> {
  const now = Date.now();
  const rows = await takeUnswept(tx, new Date(now - GRACE_MS - EVERY_MS), SCHEDULES_AT_ONCE);
  const [oldest] = rows;
  if (!oldest) return { written: 0, isMore: false };
  const governing = await governingSince(
    tx,
    rows.map(({ id }) => id),
    oldest.swept_until,
  );
  const byId = Map.groupBy(governing, ({ schedule_id }) => schedule_id);
  let written = 0;
  const swept = [];
  for (const row of rows) {
    const done = await sweepOne(tx, zones, row, byId.get(row.id) ?? [], now);
    written += done.written;
    swept.push({ id: row.id, until: done.until });
  }
  await setSwept(tx, swept);
  return { written, isMore: rows.length === SCHEDULES_AT_ONCE || swept.some(({ until }) => until < now - GRACE_MS - EVERY_MS) };
}

async function sweepOne(
  tx: Transaction,
  zones: ZoneData,
  row: Unswept,
  governing: readonly Governing[],
  now: number,
): Promise<{ readonly written: number; readonly until: number }> {
  const span = { from: Date.parse(row.swept_until), to: now - GRACE_MS };
  const meanings = await Promise.all(governing.map((one) => meaningOf(tx, zones, row, one, span)));
  const moments = [
    ...take(
      meantMoments(
        meanings.filter((one) => one !== null),
        span,
      ),
      MOMENTS_AT_ONCE,
    ),
  ];
  const [first, last] = [moments[0], moments.at(-1)];
  if (!first || !last) return { written: 0, until: span.to };
  const until = moments.length < MOMENTS_AT_ONCE ? span.to : last.moment.at + 1;
  const known = await knownMoments(tx, row.id, first.moment.at, last.moment.at + 1);
  const open = moments.filter(({ moment }) => !known.has(moment.at));
  // What jitter may still let come is looked at again.
  const due = open.filter(({ moment, definition }) => moment.at + jitterOf(definition) < span.to);
  const early = open.find((one) => !due.includes(one));
  const circumstances = due.length === 0 ? null : await metBetween(tx, row, first.moment.at, last.moment.at + 1);
  const verdicts: { at: number; verdict: Verdict }[] = [];
  let { waiting = 0, runs = [], pauses = [] } = circumstances ?? {};
  for (const { moment, definition } of due) {
    const verdict = whyMissed(moment, { now, ...policiesOf(definition), pauses, runs, waiting });
    verdicts.push({ at: moment.at, verdict });
    if (verdict.status === 'asked') waiting += 1;
  }
  await writeVerdicts(tx, row, verdicts);
  return { written: verdicts.length, until: early ? Math.min(until, early.moment.at) : until };
}

/** Null: the zone of that time is none any more. */
async function meaningOf(tx: Transaction, zones: ZoneData, { project }: Unswept, one: Governing, span: Span): Promise<Meaning | null> {
  const { definition } = one;
  const zone = zones.zone(definition.timezone ?? SCHEDULE_DEFAULTS.timezone);
  if (!zone) return null;
  const calendars = await calendarsOrNone(tx, zones, project, definition, knownAround(span));
  return { definition, zone, calendars, from: Date.parse(one.from_at), until: one.until_at === null ? null : Date.parse(one.until_at) };
}

const jitterOf = ({ jitter }: ScheduleDefinition): number => (jitter === undefined ? 0 : parseDuration(jitter));

const policiesOf = (definition: ScheduleDefinition) => ({
  overlap: definition.overlap ?? SCHEDULE_DEFAULTS.overlap,
  catchupMs: parseDuration(definition.catchup_window ?? SCHEDULE_DEFAULTS.catchup_window),
  jitterMs: jitterOf(definition),
});
