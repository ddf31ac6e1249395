import { candidates } from '../recurrence/candidates.ts';
import type { Candidate, Span, UsedCalendar } from '../recurrence/wanted.ts';
import type { Zone } from '../zones/zone.ts';
import type { ScheduleDefinition } from './definition.ts';
import { ruleOf } from './rule.ts';

/** What a schedule meant during a stretch of time (epoch milliseconds; null: to this day). */
export interface Meaning {
  readonly definition: ScheduleDefinition;
  readonly from: number;
  readonly until: number | null;
  readonly zone: Zone;
  readonly calendars: readonly UsedCalendar[];
}

/** A moment as Temporal names it, by the second, and the definition that meant it. */
export interface Meant {
  readonly moment: Candidate;
  readonly definition: ScheduleDefinition;
}

/** The moments within a span that a schedule meant when they came, also those that start nothing; lazily, in order. */
export function* meantMoments(meanings: readonly Meaning[], { from, to }: Span): Generator<Meant> {
  for (const { definition, zone, calendars, ...meaning } of meanings) {
    const span = { from: Math.max(from, meaning.from), to: Math.min(to, meaning.until ?? to) };
    if (span.from >= span.to) continue;
    for (const moment of candidates(ruleOf(definition), zone, span, calendars))
      yield { moment: { ...moment, at: wholeSecond(moment.at) }, definition };
  }
}

/** Temporal cuts the moments it names to seconds. */
const wholeSecond = (at: number): number => Math.floor(at / 1_000) * 1_000;
