import type { Zone } from './zone.ts';

/** What the clocks of a zone show at a moment (epoch milliseconds), to the second and with their offset: `2027-03-28T03:30:00+02:00`. */
export function clockAt(moment: number, zone: Zone): string {
  const offset = zone.offsetAt(moment);
  return new Date(moment + offset).toISOString().slice(0, 19) + offsetText(offset);
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (n: number) => String(n).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
