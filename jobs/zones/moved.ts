import { type Release, zoneDataOf } from './release.ts';
import type { Zone } from './zone.ts';

/** A stretch of time (epoch milliseconds) in which two releases have other clocks for a zone; null: the release has no such zone. */
export interface Moved {
  readonly from: number;
  readonly to: number;
  readonly before: Shown | null;
  readonly after: Shown | null;
}

interface Shown {
  readonly offsetMs: number;
  readonly abbreviation: string;
}

/** Zones, by all names they have in either release, whose clocks a release changes, and when. */
export interface MovedZone {
  readonly names: readonly string[];
  readonly moved: readonly Moved[];
}

/** What another release changes from one moment until another, in order of the zones' names; those that change alike stand together. What clocks are called alone does not count. */
export function movedZones(before: Release, after: Release, from: number, to: number): readonly MovedZone[] {
  const [old, young] = [zoneDataOf(before), zoneDataOf(after)];
  const names = [...new Set([before, after].flatMap(({ files, aliases }) => [...files.keys(), ...aliases.keys()]))].sort();
  const alike = new Map<string, { readonly names: string[]; readonly moved: readonly Moved[] }>();
  for (const name of names) {
    const moved = movedBetween(old.zone(name), young.zone(name), from, to);
    if (moved.length === 0) continue;
    const key = JSON.stringify(moved);
    const known = alike.get(key);
    if (known) known.names.push(name);
    else alike.set(key, { names: [name], moved });
  }
  return [...alike.values()];
}

function movedBetween(before: Zone | null, after: Zone | null, from: number, to: number): readonly Moved[] {
  const edges = [before, after].flatMap((zone) => zone?.transitions(from, to).map(({ at }) => at) ?? []);
  const starts = [...new Set([from, ...edges])].sort((a, b) => a - b);
  const all = starts.map((at, i) => ({ from: at, to: starts[i + 1] ?? to, before: shownAt(before, at), after: shownAt(after, at) }));
  return all.filter((one) => one.before?.offsetMs !== one.after?.offsetMs).reduce(joined, []);
}

const shownAt = (zone: Zone | null, at: number): Shown | null =>
  zone && { offsetMs: zone.offsetAt(at), abbreviation: zone.abbreviationAt(at) };

/** Of a zone that one release does not have, all stretches are one. */
function joined(all: readonly Moved[], next: Moved): readonly Moved[] {
  const last = all.at(-1);
  if (last?.to !== next.from || (last.before !== null && last.after !== null)) return [...all, next];
  return [...all.slice(0, -1), { ...last, to: next.to }];
}
