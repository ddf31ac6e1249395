/** Nanoseconds of a second. */
const SECOND = 1_000_000_000n;
const UNITS = { h: 3600n * SECOND, m: 60n * SECOND, s: SECOND, ms: 1_000_000n, us: 1000n, µs: 1000n, ns: 1n } as const;

/** 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z. */
const FIRST = -62_135_596_800n * SECOND;
const LAST = 253_402_300_800n * SECOND - 1n;
const LONGEST = 315_576_000_000n * SECOND;

/** A point in time of the years 1 to 9999 with nanoseconds; its own class, since a workflow's `Date` is not the one its values are made of. */
export class Instant {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    if (nanos < FIRST || nanos > LAST) throw new Error('a timestamp lies between the years 1 and 9999');
    this.nanos = nanos;
  }

  /** The same point as a `Date`, to read its UTC fields. */
  get date(): Date {
    return new Date(Number(floorDiv(this.nanos, 1_000_000n)));
  }

  /** RFC 3339 in UTC, with as many digits of the second as it has. */
  toString(): string {
    return `${this.date.toISOString().slice(0, 19)}${fraction(this.nanos - floorDiv(this.nanos, SECOND) * SECOND)}Z`;
  }
}

/** A length of time with nanoseconds. */
export class Span {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    if (nanos > LONGEST || nanos < -LONGEST) throw new Error('a duration lasts at most 10,000 years');
    this.nanos = nanos;
  }

  /** Seconds, as JSON carries durations: `5400s`, `-0.25s`. */
  toString(): string {
    const length = this.nanos < 0n ? -this.nanos : this.nanos;
    return `${this.nanos < 0n ? '-' : ''}${length / SECOND}${fraction(length % SECOND)}s`;
  }
}

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/i;

/** Reads RFC 3339, e.g. `2026-08-10T02:30:00Z`; throws on anything else, also on days that do not exist. */
export function parseInstant(text: string): Instant {
  const found = TIMESTAMP.exec(text);
  if (!found) throw notAn(text);
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) throw notAn(text);
  const ahead = BigInt(`${found[8] ?? '+'}1`) * BigInt(Number(found[9] ?? 0) * 3600 + Number(found[10] ?? 0) * 60);
  return new Instant(BigInt(date.getTime()) * 1_000_000n + BigInt((found[7] ?? '').padEnd(9, '0')) - ahead * SECOND);
}

const notAn = (text: string): Error =>
  new Error(`${JSON.stringify(text.slice(0, 60))} is not a timestamp; write it as 2026-08-10T02:30:00Z`);

/** Reads `1h30m`, `-1.5s`, `250ms`; throws on anything else. */
export function parseSpan(text: string): Span {
  const found = /^([+-]?)((?:\d{1,15}(?:\.\d{1,9})?(?:h|ms|m|s|us|µs|ns))+)$/.exec(text);
  if (!found && text !== '0') throw new Error(`${JSON.stringify(text.slice(0, 60))} is not a duration; write 1h30m, 2s or 250ms`);
  let nanos = 0n;
  for (const [, whole = '0', part = '', unit] of (found?.[2] ?? '').matchAll(/(\d+)(?:\.(\d+))?(h|ms|m|s|us|µs|ns)/g)) {
    const scale = UNITS[unit as keyof typeof UNITS];
    nanos += BigInt(whole) * scale + (BigInt(part.padEnd(9, '0')) * scale) / SECOND;
  }
  return new Span(found?.[1] === '-' ? -nanos : nanos);
}

const fraction = (nanos: bigint): string => (nanos === 0n ? '' : `.${nanos.toString().padStart(9, '0').replace(/0+$/, '')}`);

/** Division that rounds down, so that times before 1970 keep their digits. */
export const floorDiv = (a: bigint, b: bigint): bigint => (a % b < 0n ? a / b - 1n : a / b);
