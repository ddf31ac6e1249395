import type { Sql } from '#db/client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '#db/cursor.ts';
import { type DelayedRun, delayedRuns, type FireOfAgenda, fireKey, firesOfAgenda, knownFires } from '#db/queries/agenda/agenda-rows.ts';
import type { AgendaFilter, Standing } from '#db/queries/agenda/standing-schedules.ts';
import { blockOf, type Kind } from '#jobs/agenda/blocks.ts';
import { type Found, firstMoments, type Source } from '#jobs/agenda/first-moments.ts';
import { type AgendaState, comparePlaces, type Place } from '#jobs/agenda/words.ts';
import type { Span } from '#jobs/recurrence/wanted.ts';
import { isReachable } from '../moments.ts';
import { isUuid } from '../views/json.ts';
import { outcomeOf } from './agenda-states.ts';
import type { Pace } from './pace.ts';
import { type Rules, ruledFrom } from './rules.ts';

/** What is asked of the agenda. */
export interface AgendaAsked extends AgendaFilter {
  readonly span: Span;
  /** Null: all. */
  readonly states: readonly AgendaState[] | null;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** What stands at a place of the agenda: what became of a moment, what a schedule means, or a run that waits. */
export type AgendaEntry = Place &
  (
    | { readonly kind: 'fire'; readonly fire: FireOfAgenda }
    | { readonly kind: 'moment'; readonly found: Found<Standing>; readonly outcome: ReturnType<typeof outcomeOf> }
    | { readonly kind: 'run'; readonly run: DelayedRun }
  );

const isPlace = ([at, id, again]: readonly unknown[]): boolean =>
  Number.isInteger(at) && isReachable(Number(at)) && typeof id === 'string' && isUuid(id) && Number.isInteger(again) && Number(again) >= 0;

/** A page of what starts when, and of what became of it, over all schedules. Throws InvalidCursor. */
export async function readAgenda(sql: Sql, rules: Rules, asked: AgendaAsked, pace: Pace): Promise<Page<AgendaEntry>> {
  const { span, limit, states } = asked;
  const [at, id, again] = asked.after === undefined ? [] : readCursor(asked.after, 'agenda', isPlace);
  const after = at === undefined ? null : { at: Number(at), id: String(id), again: Number(again) };
  const rows = { ...asked, after, limit: limit + 1, states, span };
  const [fires, runs] = await Promise.all([firesOfAgenda(sql, rows), delayedRuns(sql, rows)]);
  const entries: AgendaEntry[] = [
    ...fires.map((fire) => ({
      kind: 'fire' as const,
      at: Date.parse(fire.nominal_at),
      id: fire.schedule_id,
      again: fire.again,
      fire,
    })),
    ...runs.map((run) => ({ kind: 'run' as const, at: Date.parse(run.scheduled_for), id: run.id, again: 0, run })),
    ...(await moments(sql, rules, asked, after, pace)),
  ];
  return pageOf(entries.sort(comparePlaces), limit, (entry) => writeCursor('agenda', [entry.at, entry.id, entry.again]));
}

/** States of what has no row. */
const RULED: readonly AgendaState[] = ['planned', 'due', 'paused', 'left_out'];

/** The first moments that rules mean and that have no row, one more than a page has. */
async function moments(sql: Sql, rules: Rules, asked: AgendaAsked, after: Place | null, pace: Pace): Promise<readonly AgendaEntry[]> {
  const { stops, now } = rules;
  const outcome = (at: number, kind: Kind, of: Standing) => outcomeOf(at, kind, of, stops, now);
  const isWanted: IsWanted = (at, kind, of) => asked.states === null || asked.states.includes(outcome(at, kind, of).state);
  const wanted = asked.limit + 1;
  const entries: AgendaEntry[] = [];
  if (asked.states !== null && !asked.states.some((state) => RULED.includes(state))) return entries;
  let from = after;
  for (let block = blockOf(Math.max(asked.span.from, after?.at ?? 0)); block <= blockOf(asked.span.to - 1) && entries.length < wanted; ) {
    const sources = await sourcesOf(rules, block, asked.span.from, pace);
    const found = await firstOf(sources, { after: from, until: asked.span.to, limit: wanted, isWanted }, pace);
    const known = await knownFires(sql, found);
    entries.push(
      ...found
        .filter((one) => !known.has(fireKey(one)))
        .map((one) => ({ kind: 'moment' as const, at: one.at, id: one.id, again: 0, found: one, outcome: outcome(one.at, one, one.of) })),
    );
    if (found.length < wanted) block += 1;
    else from = found.at(-1) ?? from;
  }
  return entries;
}

type IsWanted = (at: number, kind: Kind, of: Standing) => boolean;

/** So many moments, of one schedule or of many, are gone through at a time. */
const AT_ONCE = 40_000;

/** The first moments of all sources, some of them at a time. */
async function firstOf(
  sources: readonly Source<Standing>[],
  { after, limit, isWanted, ...rest }: { after: Place | null; until: number; limit: number; isWanted: IsWanted },
  pace: Pace,
): Promise<readonly Found<Standing>[]> {
  let found: readonly Found<Standing>[] = [];
  let { until } = rest;
  for (let start = 0; start < sources.length; ) {
    let end = start;
    for (let room = AT_ONCE; room > 0 && end < sources.length; end += 1) room -= sources[end]?.moments.length ?? 0;
    const more = firstMoments(sources.slice(start, end), after, until, limit, isWanted);
    start = end;
    found = [...found, ...more].sort(comparePlaces).slice(0, limit);
    if (found.length === limit) until = (found.at(-1)?.at ?? until) + 1;
    if (pace.isLong) await pace.breathe();
  }
  return found;
}

async function sourcesOf(rules: Rules, block: number, from: number, pace: Pace): Promise<readonly Source<Standing>[]> {
  const sources: Source<Standing>[] = [];
  for (const [index, of] of rules.schedules.entries()) {
    const moments = rules.meanings[index]?.moments(block);
    if (moments && moments.length > 0) sources.push({ id: of.id, moments, from: Math.max(from, ruledFrom(rules, of)), of });
    if (pace.isLong) await pace.breathe();
  }
  return sources;
}
