import type { Span } from '../recurrence/wanted.ts';
import { spanAt } from './spans.ts';

/** A target outside of its maintenance windows. */
export interface ClosedWindow {
  readonly target: string;
  /** By whose clocks they are. */
  readonly zone: string;
  /** When the next one opens (epoch milliseconds); null: none in sight. */
  readonly opensAt: number | null;
  /** What the clocks show then, as `2026-11-24T01:00`, and on which day it is asked. */
  readonly opensWall: string | null;
  readonly today: string;
}

const DAY_MS = 86_400_000;
/** How far ahead the next opening is looked for: first where most windows are, then as far as any that comes every year. */
const LOOKS = [8 * DAY_MS, 400 * DAY_MS] as const;

/** Whether windows are open at a moment, and if not when the next one opens; null: they are open. `spansIn` are all their times in a span, in order. */
export function nextOpening(spansIn: (span: Span) => readonly Span[], now: number): { readonly opensAt: number | null } | null {
  for (const ahead of LOOKS) {
    const spans = spansIn({ from: now, to: now + ahead });
    if (spanAt(spans, now)) return null;
    const [next] = spans;
    if (next) return { opensAt: next.from };
  }
  return { opensAt: null };
}

/** When a target can be worked on again, e.g. `opens 01:00 Asia/Tokyo, in 3 h`. */
export function openingWords({ zone, opensAt, opensWall, today }: Omit<ClosedWindow, 'target'>, now: number): string {
  if (opensAt === null || opensWall === null) return 'no maintenance window opens within 400 days';
  const [day = '', time = ''] = opensWall.split('T');
  return `opens ${day === today || opensAt - now < DAY_MS ? '' : `${day} `}${time} ${zone}, ${inWords(opensAt - now)}`;
}

/** How far away something is, as nobody needs it exacter: `in 25 min`, `in 3 h`, `in 2 d 4 h`. */
function inWords(ms: number): string {
  const minutes = Math.max(0, Math.ceil(ms / 60_000));
  if (minutes < 1) return 'now';
  if (minutes < 60) return `in ${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return minutes < 600 && minutes % 60 >= 5 ? `in ${Math.floor(minutes / 60)} h ${minutes % 60} min` : `in ${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 || days > 6 ? `in ${days} d` : `in ${days} d ${hours % 24} h`;
}
