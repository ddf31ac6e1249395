import type { Client } from '@temporalio/client';
import type { Sql } from '#db/client.ts';
import { earlierFires } from '#db/queries/backfills/earlier-fires.ts';
import { usedCalendars } from '#db/queries/calendars/used-calendars.ts';
import { settleArmed, settleRemoved, type ToArm } from '#db/queries/schedules/arming.ts';
import { parseDuration } from '#jobs/duration.ts';
import { HORIZON_MS, knownAround } from '#jobs/recurrence/calendar-times.ts';
import { starts } from '#jobs/recurrence/candidates.ts';
import { nextStart } from '#jobs/recurrence/next.ts';
import { type UtcPlan, utcPlan } from '#jobs/recurrence/utc-plan.ts';
import { SCHEDULE_DEFAULTS } from '#jobs/schedules/definition.ts';
import { ruleOf } from '#jobs/schedules/rule.ts';
import { twinIdOf } from '#jobs/schedules/twin-id.ts';
import { take } from '#jobs/take.ts';
import type { ZoneData } from '#jobs/zones/zone.ts';
import { goOver, putTwin, removeTwin, toldSince } from '#platform/temporal/schedule-twin.ts';
import { twinOf } from './twin.ts';

export interface ArmingDeps {
  readonly sql: Sql;
  readonly client: Client;
  readonly zones: ZoneData;
  /** The address of the API. */
  readonly base: string;
}

/** Clocks of the machines may differ by so much, and telling may take so long. */
const SLACK_MS = 60_000;
/** Temporal keeps no more of them waiting. */
const MOST_MADE_UP = 1_000;
/** Calls give up after this, long before somebody else may try. */
const DEADLINE_MS = 10_000;

/** Tells Temporal of one schedule as it stands, and writes down what it knows then. Throws what Temporal and Postgres throw; InvalidInput for calendars and RangeError for zones that are gone. */
export async function armSchedule(deps: ArmingDeps, row: ToArm): Promise<void> {
  const { sql, client, zones, base } = deps;
  const within = <T>(work: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + DEADLINE_MS, work);
  if (row.deleted_at !== null) {
    await within(() => removeTwin(client, twinIdOf(row.id)));
    await settleRemoved(sql, row);
    return;
  }
  const { definition } = row;
  const rule = ruleOf(definition);
  const zone = zones.zone(row.timezone);
  if (!zone) throw new RangeError(`the zone data ${zones.version} have no zone ${row.timezone}`);
  const catchupMs = parseDuration(definition.catchup_window ?? SCHEDULE_DEFAULTS.catchup_window);
  const jitterMs = definition.jitter === undefined ? 0 : parseDuration(definition.jitter);
  const now = Date.now();
  // What comes late by its jitter is on its way until then, and what Temporal never knew of may be made up for.
  const span = { from: Math.max(Date.parse(row.effective_at), now - Math.max(jitterMs, catchupMs) - SLACK_MS), to: now + HORIZON_MS };
  const calendars = await usedCalendars(sql, row.project, definition, zones, knownAround(span));
  const plan = utcPlan(rule, zone, span, calendars);
  const twin = twinOf(row, plan, base);
  const how = await within(() => putTwin(client, twin));
  const from = twin.paused ? null : unknownSince(row, how, now - catchupMs);
  if (from !== null) {
    const wanted = [...take(starts(rule, zone, { from, to: Date.now() + SLACK_MS }, calendars), MOST_MADE_UP)].map(({ at }) => at);
    await within(() => makeUp(deps, row, wanted));
  }
  const next = nextStart(rule, zone, now, calendars);
  await settleArmed(sql, row, {
    plannedUntil: plan.until,
    calendars: calendarsIn(plan),
    zoneData: zones.version,
    nextAt: next?.at ?? null,
  });
}

/**
 * Since when moments may have come that Temporal did not know of: it is told a moment after a save or the end of a pause, and much later when it was away;
 * it had lost the schedule; or it was told no moments beyond a horizon that is over. Null: it knew of all.
 */
function unknownSince({ armed_at, live_since, planned_until }: ToArm, how: 'created' | 'updated', earliest: number): number | null {
  const live = Date.parse(live_since);
  if (how === 'created' || armed_at === null || live > Date.parse(armed_at)) return Math.max(live, earliest);
  const horizon = planned_until === null ? null : Date.parse(planned_until);
  return horizon !== null && horizon <= Date.now() ? Math.max(horizon, earliest) : null;
}

/** Has Temporal start what came before it knew, as it starts what came while it was away, save what has its run. */
async function makeUp({ sql, client }: ArmingDeps, { id, definition }: ToArm, moments: readonly number[]): Promise<void> {
  const [first] = moments;
  if (first === undefined) return;
  const known = await toldSince(client, twinIdOf(id));
  const started = await earlierFires(sql, id, { from: first, to: known });
  const missing = moments.filter((moment) => moment < known && !started.has(moment));
  const [from, to] = [missing[0], missing.at(-1)];
  if (from === undefined || to === undefined) return;
  const { overlap } = definition;
  // The run of such a moment may have begun this instant, and must not be ended for itself.
  const endsOthers = overlap === 'cancel_other' || overlap === 'terminate_other';
  await goOver(client, twinIdOf(id), { from, to }, endsOthers ? 'buffer_one' : null);
}

const calendarsIn = (plan: UtcPlan): number =>
  plan.kind === 'calendars' ? plan.calendars.length : plan.kind === 'interval' ? plan.skip.length + plan.also.length : 0;
