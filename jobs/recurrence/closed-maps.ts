import { MINUTE_MS } from './civil.ts';
import { rangesOf } from './group-minutes.ts';
import { emptyMap, type MinuteMap, placeOf } from './minute-map.ts';
import type { Span, UtcRange } from './wanted.ts';

/** Minutes that are closed at the same seconds of them. */
export interface ClosedMap {
  readonly map: MinuteMap;
  readonly seconds: readonly UtcRange[];
}

const WHOLE_MINUTE: readonly UtcRange[] = [{ start: 0, end: 59, step: 1 }];

/** Every second of the closed stretches within a span: whole minutes together, and those that are closed in part by which seconds. */
export function closedMaps(closed: readonly Span[], span: Span): readonly ClosedMap[] {
  const whole = emptyMap(span);
  const parts = new Map<number, Set<number>>();
  for (const stretch of closed) {
    const from = Math.max(stretch.from, span.from);
    const to = Math.min(stretch.to, span.to);
    if (from >= to) continue;
    const [first, end] = [Math.ceil(from / MINUTE_MS) * MINUTE_MS, Math.floor(to / MINUTE_MS) * MINUTE_MS];
    if (first < end) whole.minutes.fill(1, placeOf(whole, first), placeOf(whole, end));
    for (let at = Math.ceil(from / 1000) * 1000; at < Math.min(first, to); at += 1000) addSecond(parts, at);
    for (let at = Math.max(end, Math.ceil(from / 1000) * 1000); at < to; at += 1000) addSecond(parts, at);
  }
  const together = new Map<string, ClosedMap>();
  for (const [minute, set] of parts) {
    const seconds = [...set].sort((a, b) => a - b);
    const known = together.get(seconds.join()) ?? { map: emptyMap(span), seconds: rangesOf(seconds) };
    known.map.minutes[placeOf(known.map, minute)] = 1;
    together.set(seconds.join(), known);
  }
  return [{ map: whole, seconds: WHOLE_MINUTE }, ...together.values()];
}

function addSecond(parts: Map<number, Set<number>>, at: number): void {
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const seconds = parts.get(minute) ?? new Set<number>();
  parts.set(minute, seconds.add((at - minute) / 1000));
}
