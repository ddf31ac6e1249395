import { nearest } from '../suggest.ts';
import { ZONE_NAMES } from './names.ts';

const MOST = 3;

/** The zones that somebody may mean who writes this, e.g. `Europe/Belin`, `berlin`, `europe/berlin`, `São Paulo` or `UTC+2`; none for an abbreviation, which many zones share. */
export function zonesLike(written: string): readonly string[] {
  if (written.length > 100) return [];
  const word = written.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase().replaceAll(' ', '_');
  const asWritten = ZONE_NAMES.filter((name) => name.toLowerCase() === word);
  if (asWritten.length > 0) return asWritten;
  const offset = /^(?:utc|gmt)?([+-])0?(\d{1,2})(?::?00)?$/.exec(word);
  if (offset) return fixedZone(offset[1] === '-', Number(offset[2]));
  const place = placeOf(word);
  const there = PLACES.get(place);
  if (there) return there;
  if (/^[A-Z]{1,5}$|^.{1,4}$|\d/.test(written)) return [];
  return PLACES.get(nearest(place, [...PLACES.keys()]) ?? '') ?? [];
}

/** In these names the sign is the other way round, as POSIX has it. */
function fixedZone(isBehind: boolean, hours: number): readonly string[] {
  const name = hours === 0 ? 'UTC' : `Etc/GMT${isBehind ? '+' : '-'}${hours}`;
  return ZONE_NAMES.filter((known) => known === name);
}

/** The last part of a name; people know the city, not the area. */
const placeOf = (name: string): string => name.toLowerCase().slice(name.lastIndexOf('/') + 1);

/** Zones by their place, at most so many of the same. */
const PLACES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(Object.groupBy(ZONE_NAMES, placeOf)).map(([place, names = []]) => [place, names.slice(0, MOST)]),
);
