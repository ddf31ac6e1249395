import { parseDuration } from '../duration.ts';
import { calendarPattern, cronPattern } from '../recurrence/field-words.ts';
import type { Pattern } from '../recurrence/pattern.ts';
import { type FoldPolicy, type GapPolicy, SCHEDULE_DEFAULTS, type ScheduleDefinition } from './definition.ts';
import { readDay, readInstant, readTimeOfDay, readWall } from './moments.ts';

/** When a schedule means something to start, without its zone: what everything about recurrence is asked with. */
export type Rule = WallRule | EveryRule | OnceRule;

/** From the first moment on, before the second; null: without end. */
interface Bounds {
  readonly startAt: number | null;
  readonly endAt: number | null;
}

/** Times on the wall of a zone. */
export interface WallRule extends Bounds {
  readonly kind: 'wall';
  readonly patterns: readonly Pattern[];
  readonly gap: GapPolicy;
  readonly fold: FoldPolicy;
}

/** Elapsed time from a moment on, whatever the clocks show. */
export interface EveryRule extends Bounds {
  readonly kind: 'every';
  readonly everyMs: number;
  readonly anchor: number;
}

/** One moment, or one time on the wall of a zone. */
export interface OnceRule {
  readonly kind: 'once';
  readonly when: { readonly at: number } | { readonly wall: number };
  readonly gap: GapPolicy;
  readonly fold: FoldPolicy;
}

/** What a definition that was checked means. Throws a RangeError for one that was not. */
export function ruleOf(definition: ScheduleDefinition): Rule {
  const bounds: Bounds = {
    startAt: definition.start_at === undefined ? null : readInstant(definition.start_at),
    endAt: definition.end_at === undefined ? null : readInstant(definition.end_at),
  };
  const policies = { gap: definition.dst?.gap ?? SCHEDULE_DEFAULTS.gap, fold: definition.dst?.fold ?? SCHEDULE_DEFAULTS.fold } as const;
  if (definition.every !== undefined) {
    const anchor = definition.anchor === undefined ? 0 : readInstant(definition.anchor);
    return { kind: 'every', everyMs: parseDuration(definition.every), anchor, ...bounds };
  }
  if (definition.scheduled_for !== undefined) return { kind: 'once', when: whenOf(definition.scheduled_for), ...policies };
  return { kind: 'wall', patterns: patternsOf(definition), ...policies, ...bounds };
}

function whenOf(text: string): OnceRule['when'] {
  const wall = readWall(text);
  return wall === null ? { at: readInstant(text) } : { wall };
}

function patternsOf(definition: ScheduleDefinition): readonly Pattern[] {
  if (definition.cron !== undefined) return [cronPattern(definition.cron)];
  if (definition.calendar !== undefined) return [definition.calendar].flat().map((one) => calendarPattern(one));
  if (definition.every_days === undefined)
    throw new RangeError('a schedule says neither cron, calendar, every, every_days nor scheduled_for');
  const from = definition.from === undefined ? 0 : readDay(definition.from);
  return [{ kind: 'every_days', every: definition.every_days, from, minutes: [readTimeOfDay(definition.at ?? '00:00')] }];
}
