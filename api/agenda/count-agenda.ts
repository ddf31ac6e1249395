import type { Sql } from '#db/client.ts';
import { countRows, rowsSince } from '#db/queries/agenda/agenda-counts.ts';
import { fireKey } from '#db/queries/agenda/agenda-rows.ts';
import type { AgendaFilter, Standing } from '#db/queries/agenda/standing-schedules.ts';
import { atOf, BLOCK_MS, blockOf, indexFrom, kindOf } from '#jobs/agenda/blocks.ts';
import { type LocalHour, localHours } from '#jobs/agenda/local-hours.ts';
import type { AgendaState } from '#jobs/agenda/words.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import type { Zone } from '#jobs/zones/zone.ts';
import { outcomeOf } from './agenda-states.ts';
import type { Meaning } from './outlook.ts';
import type { Pace } from './pace.ts';
import { type Rules, ruledFrom } from './rules.ts';

/** How many of each state an hour has; states that it has none of are absent. Null: it was not counted. */
export interface CountedHour extends LocalHour {
  readonly counts: { readonly [state in AgendaState]?: number } | null;
}

/** The hours asked for, and until when they are counted: less than was asked for when that takes too long. */
export interface CountedAgenda {
  readonly hours: readonly CountedHour[];
  readonly until: number;
}

/** What was not worked out before may take so long. */
const BUDGET_MS = 1_000;

/** Counts of the agenda by the hours that a zone's clocks show. */
export async function countAgenda(
  sql: Sql,
  rules: Rules,
  filter: AgendaFilter,
  span: Span,
  zone: Zone,
  pace: Pace,
): Promise<CountedAgenda> {
  const earliest = rules.schedules.reduce((least, schedule) => Math.min(least, ruledFrom(rules, schedule)), span.to);
  const [rows, known] = await Promise.all([
    countRows(sql, filter, span),
    rowsSince(sql, filter.project, { from: Math.max(span.from, earliest), to: span.to }),
  ]);
  const tally = new Tally(localHours(zone, span));
  const ruled = await countRules(tally, rules, span, knownOf(known, rules.now), pace);
  const until = Math.min(rows.until, ruled);
  for (const { at, state, count } of rows.counts) tally.add(Math.max(at, span.from), state, count);
  return { hours: tally.until(until), until };
}

/** What is counted, an hour at a time. */
class Tally {
  readonly #hours: readonly LocalHour[];
  readonly #counts: Map<AgendaState, number>[];

  constructor(hours: readonly LocalHour[]) {
    this.#hours = hours;
    this.#counts = hours.map(() => new Map());
  }

  add(at: number, state: AgendaState, count: number): void {
    this.addTo(this.hourOf(at), state, count);
  }

  addTo(hour: number, state: AgendaState, count: number): void {
    const counts = this.#counts[hour];
    if (count !== 0) counts?.set(state, (counts.get(state) ?? 0) + count);
  }

  /** The index of the hour that a moment is in. */
  hourOf(at: number): number {
    let [low, high] = [0, this.#hours.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#hours[middle]?.from ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where an hour ends. */
  end(hour: number): number {
    return this.#hours[hour]?.to ?? Number.POSITIVE_INFINITY;
  }

  until(moment: number): readonly CountedHour[] {
    return this.#hours.map((hour, index) => ({ ...hour, counts: hour.to > moment ? null : Object.fromEntries(this.#counts[index] ?? []) }));
  }
}

/** Moments that have rows: of what has passed by their keys, of what is ahead whose they are. */
interface Known {
  readonly passed: ReadonlySet<string>;
  readonly ahead: ReadonlyMap<number, ReadonlySet<string>>;
}

function knownOf(rows: readonly { readonly id: string; readonly at: number }[], now: number): Known {
  const ahead = Map.groupBy(
    rows.filter(({ at }) => at > now),
    ({ at }) => at,
  );
  return {
    passed: new Set(rows.filter(({ at }) => at <= now).map(fireKey)),
    ahead: new Map([...ahead].map(([at, some]) => [at, new Set(some.map(({ id }) => id))])),
  };
}

/** Counts what rules mean and no row tells of; answers until when it did. */
async function countRules(tally: Tally, rules: Rules, span: Span, known: Known, pace: Pace): Promise<number> {
  const alike = alikeOf(rules);
  for (let block = blockOf(span.from); block <= blockOf(span.to - 1); block += 1) {
    const within = { from: Math.max(span.from, block * BLOCK_MS), to: Math.min(span.to, (block + 1) * BLOCK_MS) };
    for (const { meaning, schedules } of alike) {
      countBlock(tally, meaning.moments(block), schedules, within, rules, known);
      if (pace.isLong) await pace.breathe();
      if (pace.elapsed > BUDGET_MS) return within.from;
    }
  }
  return span.to;
}

/** Schedules of which all moments ahead have the same outcome, or one alone. */
interface Alike {
  readonly meaning: Meaning;
  readonly schedules: readonly Standing[];
}

function alikeOf({ schedules, meanings, now }: Rules): readonly Alike[] {
  const groups = new Map<Meaning, Map<string, Standing[]>>();
  for (const [index, schedule] of schedules.entries()) {
    const meaning = meanings[index];
    if (!meaning) continue;
    const same = groups.get(meaning) ?? new Map<string, Standing[]>();
    groups.set(meaning, same);
    const key = likeness(schedule, now);
    const members = same.get(key);
    if (members) members.push(schedule);
    else same.set(key, [schedule]);
  }
  return [...groups].flatMap(([meaning, same]) => [...same.values()].map((members) => ({ meaning, schedules: members })));
}

const likeness = ({ id, pausedUntil, stopped }: Standing, now: number): string => {
  if (stopped !== null) return 'stopped';
  if (pausedUntil === null) return 'running';
  return pausedUntil === Number.POSITIVE_INFINITY || pausedUntil <= now ? `paused ${pausedUntil}` : id;
};

/** Counts a block of schedules that are alike: what has just passed for each by itself, what is ahead for all at once. */
function countBlock(tally: Tally, moments: Float64Array, schedules: readonly Standing[], span: Span, rules: Rules, known: Known): void {
  if (moments.length === 0) return;
  if (span.from <= rules.now) for (const one of schedules) countPassed(tally, moments, one, span, rules, known);
  countAhead(tally, moments, schedules, span, rules, known);
}

function countPassed(tally: Tally, moments: Float64Array, one: Standing, { from, to }: Span, rules: Rules, known: Known): void {
  const { stops, now } = rules;
  for (let index = indexFrom(moments, Math.max(from, ruledFrom(rules, one))); index < moments.length; index += 1) {
    const packed = moments[index] ?? 0;
    const at = atOf(packed);
    if (at > now || at >= to) break;
    if (!known.passed.has(fireKey({ id: one.id, at }))) tally.add(at, outcomeOf(at, kindOf(packed), one, stops, now).state, 1);
  }
}

function countAhead(
  tally: Tally,
  moments: Float64Array,
  schedules: readonly Standing[],
  { from, to }: Span,
  { stops, now }: Rules,
  { ahead }: Known,
): void {
  const [first] = schedules;
  let [hour, end] = [-1, Number.NEGATIVE_INFINITY];
  for (let index = indexFrom(moments, Math.max(from, now + 1)); first && index < moments.length; index += 1) {
    const packed = moments[index] ?? 0;
    const at = atOf(packed);
    if (at >= to) break;
    if (at >= end) {
      hour = tally.hourOf(at);
      end = tally.end(hour);
    }
    const known = ahead.get(at);
    const others = known === undefined ? schedules.length : schedules.filter(({ id }) => !known.has(id)).length;
    tally.addTo(hour, outcomeOf(at, kindOf(packed), first, stops, now).state, others);
  }
}
