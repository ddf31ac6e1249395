import { DAY_MS, MINUTE_MS } from './civil.ts';
import type { Span } from './wanted.ts';

const DAY_MINUTES = 1440;

/** Which minutes of whole UTC days are on: one byte for each minute from the first day on. */
export interface MinuteMap {
  readonly firstDay: number;
  readonly minutes: Uint8Array;
}

/** A map for each second of the minute at which something is on. */
export type MapsBySecond = Map<number, MinuteMap>;

/** A map of the days that a span touches, with nothing on. */
export function emptyMap({ from, to }: Span): MinuteMap {
  const firstDay = Math.floor(from / DAY_MS);
  return { firstDay, minutes: new Uint8Array((Math.ceil(to / DAY_MS) - firstDay) * DAY_MINUTES) };
}

/** The same map from a later day on. */
export const fromDay = ({ firstDay, minutes }: MinuteMap, day: number): MinuteMap => ({
  firstDay: day,
  minutes: minutes.subarray((day - firstDay) * DAY_MINUTES),
});

/** The place of the first minute that begins at or after a moment, within the map. */
export const placeOf = ({ firstDay, minutes }: MinuteMap, moment: number): number =>
  Math.min(Math.max(Math.ceil((moment - firstDay * DAY_MS) / MINUTE_MS), 0), minutes.length);

/** Turns off every moment of a span. */
export function turnOff(maps: MapsBySecond, { from, to }: Span): void {
  for (const [second, map] of maps) map.minutes.fill(0, placeOf(map, from - second * 1000), placeOf(map, to - second * 1000));
}

/** Whether any moment of a span is on. */
export const isAnyOn = (maps: MapsBySecond, { from, to }: Span): boolean =>
  [...maps].some(([second, map]) => map.minutes.subarray(placeOf(map, from - second * 1000), placeOf(map, to - second * 1000)).includes(1));

/** Turns on a moment, which is a whole second, in maps of a span. */
export function turnOn(maps: MapsBySecond, span: Span, moment: number): void {
  const second = (((moment / 1000) % 60) + 60) % 60;
  const map = mapOf(maps, span, second);
  map.minutes[placeOf(map, moment - second * 1000)] = 1;
}

/** The map of a second, which is made when it is the first of that second. */
export function mapOf(maps: MapsBySecond, span: Span, second: number): MinuteMap {
  const map = maps.get(second) ?? emptyMap(span);
  maps.set(second, map);
  return map;
}
