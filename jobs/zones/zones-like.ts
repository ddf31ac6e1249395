import { nearest } from '../suggest.ts';
import { ZONE_NAMES } from './names.ts';

const MOST = 3;

/** The zones that somebody may mean who writes this, e.g. `Europe/Belin`, `berlin`, `europe/berlin`, `São Paulo` or `UTC+2`; none for an abbreviation, which many zones share. */
export function zonesLike(written: string): readonly string[] {
  const word = written.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase().replaceAll(' ', '_');
  const asWritten = ZONE_NAMES.filter((name) => name.toLowerCase() === word);
  if (asWritten.length > 0) return asWritten;
  const offset = /^(?:utc|gmt)?([+-])0?(\d{1,2})(?::?00)?$/.exec(word);
  if (offset) return fixedZone(offset[1] === '-', Number(offset[2]));
  const city = cityOf(word);
  const sameCity = citizens(city);
  if (sameCity.length > 0) return sameCity;
  if (/^[A-Z]{1,5}$|^.{1,4}$|\d/.test(written)) return [];
  const near = nearest(word, ZONE_NAMES);
  if (near !== null) return [near];
  const nearCity = nearest(city, ZONE_NAMES.filter(hasCity).map(cityOf));
  return nearCity === null ? [] : citizens(nearCity);
}

/** In these names the sign is the other way round, as POSIX has it. */
function fixedZone(isBehind: boolean, hours: number): readonly string[] {
  const name = hours === 0 ? 'UTC' : `Etc/GMT${isBehind ? '+' : '-'}${hours}`;
  return ZONE_NAMES.filter((known) => known === name);
}

const hasCity = (name: string): boolean => name.includes('/') && !name.startsWith('Etc/');
const cityOf = (name: string): string => name.toLowerCase().slice(name.lastIndexOf('/') + 1);
const citizens = (city: string): readonly string[] => ZONE_NAMES.filter((name) => hasCity(name) && cityOf(name) === city).slice(0, MOST);
