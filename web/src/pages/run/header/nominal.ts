import { clockTime, day, zoneName } from '../../../time/instant.ts';

const STEP_MS = 15 * 60_000;
const FARTHEST_MS = 3 * 3_600_000;

/** Which of two moments this is that a clock shows alike in the night it is set back; null on any other. */
export const foldOf = (at: Date, zone: string): '1st' | '2nd' | null => {
  const shown = `${day(at, zone)} ${clockTime(at, zone)}`;
  for (let away = STEP_MS; away <= FARTHEST_MS; away += STEP_MS) {
    const [before, after] = [new Date(at.getTime() - away), new Date(at.getTime() + away)];
    if (`${day(after, zone)} ${clockTime(after, zone)}` === shown) return '1st';
    if (`${day(before, zone)} ${clockTime(before, zone)}` === shown) return '2nd';
  }
  return null;
};

/** The moment that a run stands for by the clock of its zone: `2026-10-25 02:30 CEST (1st)`. */
export const nominalText = (iso: string, zone: string): string => {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const clock = clockTime(at, zone);
  const fold = foldOf(at, zone);
  return `${day(at, zone)} ${clock.endsWith(':00') ? clock.slice(0, 5) : clock} ${zoneName(at, zone)}${fold ? ` (${fold})` : ''}`;
};
