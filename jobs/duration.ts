const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS;

/** What a duration looks like, for the published schema; `parseDuration` is the judge. */
export const DURATION_PATTERN = '^([0-9]{1,9}(ms|s|m|h|d)){1,5}$';

/** How a duration is written, for messages. */
export const DURATION_WORDS = 'a duration; write 500ms, 2s, 5m or 1h';

/** Milliseconds of a text such as `500ms`, `2s`, `5m`, `1h30m` or `2d`; units fall from left to right. Throws a RangeError that says how to write it. */
export function parseDuration(text: string): number {
  const parts = text.length > 60 ? [] : [...text.matchAll(/(\d{1,9})(ms|[smhd])/g)];
  const sizes = parts.map((part) => UNITS[part[2] as Unit]);
  const falls = sizes.every((size, at) => at === 0 || size < (sizes[at - 1] ?? 0));
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text || !falls) {
    throw new RangeError(`${JSON.stringify(text.slice(0, 60))} is not ${DURATION_WORDS}`);
  }
  return parts.reduce((sum, part, at) => sum + Number(part[1]) * (sizes[at] ?? 0), 0);
}

/** A length of time for people, its two largest units: `250 ms`, `7 s`, `1 m 12 s`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const units = (['d', 'h', 'm', 's'] as const).map((unit) => [unit, UNITS[unit]] as const);
  const first = units.findIndex(([, size]) => ms >= size);
  let rest = ms;
  const words = units.slice(first, first + 2).flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return words.join(' ');
}

/** A length of time as people write it, exactly: `90000` is `1m30s`. */
export function writeDuration(ms: number): string {
  let rest = Math.round(ms);
  const words = (['d', 'h', 'm', 's', 'ms'] as const).map((unit) => {
    const count = Math.floor(rest / UNITS[unit]);
    rest -= count * UNITS[unit];
    return count === 0 ? '' : `${count}${unit}`;
  });
  return words.join('') || '0ms';
}
