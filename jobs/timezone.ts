import { errorAt, type Problem } from './problem.ts';

/** An error for what is no zone of the IANA database, written as it is there. */
export function* timezoneProblem(pointer: string, zone: string): Generator<Problem> {
  const expected = 'an IANA time zone; write for example Europe/Berlin or UTC';
  const known = /^[A-Za-z]/.test(zone) ? canonicalZone(zone) : null;
  if (known === null) yield errorAt(pointer, `${JSON.stringify(zone)} is not ${expected}`, { value: zone, expected });
  else if (known !== zone && known.toLowerCase() === zone.toLowerCase()) {
    yield errorAt(pointer, `${JSON.stringify(zone)} is not ${expected}; did you mean ${JSON.stringify(known)}?`, { value: zone, expected });
  }
}

function canonicalZone(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
