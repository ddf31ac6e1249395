import { errorAt, type Problem } from './problem.ts';
import { ZONE_NAMES } from './zones/names.ts';
import { zonesLike } from './zones/zones-like.ts';

const KNOWN: ReadonlySet<string> = new Set(ZONE_NAMES);

/** Why a name is no time zone of the IANA database, written as it is there, with those that may be meant; null when it is one. */
export function whyNoZone(name: string): string | null {
  if (KNOWN.has(name)) return null;
  const meant = zonesLike(name).map((zone) => JSON.stringify(zone));
  const hint = meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : 'write for example Europe/Berlin or UTC';
  return `${JSON.stringify(name.slice(0, 100))} is not an IANA time zone; ${hint}`;
}

/** An error for what is no time zone. */
export function* timezoneProblem(pointer: string, zone: string): Generator<Problem> {
  const why = whyNoZone(zone);
  if (why !== null) yield errorAt(pointer, why, { value: zone, expected: 'an IANA time zone; write for example Europe/Berlin or UTC' });
}
