import { floorDiv, Instant, parseInstant, parseSpan, Span } from '../time.ts';
import type { FunctionTable } from './table.ts';

/** Timestamps and durations. Fields of a timestamp are UTC: other zones change with the zone data of whoever evaluates. */
export const TIME_FUNCTIONS: FunctionTable = {
  'timestamp(string): timestamp': parseInstant,
  'timestamp(int): timestamp': (seconds: bigint) => new Instant(seconds * 1_000_000_000n),
  'timestamp(timestamp): timestamp': (instant: Instant) => instant,
  'duration(string): duration': parseSpan,
  'duration(duration): duration': (span: Span) => span,
  'string(timestamp): string': String,
  'string(duration): string': String,
  'int(timestamp): int': (instant: Instant) => floorDiv(instant.nanos, 1_000_000_000n),
  'timestamp.getFullYear(): int': utc((date) => date.getUTCFullYear()),
  'timestamp.getMonth(): int': utc((date) => date.getUTCMonth()),
  'timestamp.getDate(): int': utc((date) => date.getUTCDate()),
  'timestamp.getDayOfMonth(): int': utc((date) => date.getUTCDate() - 1),
  'timestamp.getDayOfWeek(): int': utc((date) => date.getUTCDay()),
  'timestamp.getDayOfYear(): int': utc(dayOfYear),
  'timestamp.getHours(): int': utc((date) => date.getUTCHours()),
  'timestamp.getMinutes(): int': utc((date) => date.getUTCMinutes()),
  'timestamp.getSeconds(): int': utc((date) => date.getUTCSeconds()),
  'timestamp.getMilliseconds(): int': utc((date) => date.getUTCMilliseconds()),
  'duration.getHours(): int': (span: Span) => span.nanos / 3_600_000_000_000n,
  'duration.getMinutes(): int': (span: Span) => span.nanos / 60_000_000_000n,
  'duration.getSeconds(): int': (span: Span) => span.nanos / 1_000_000_000n,
  'duration.getMilliseconds(): int': (span: Span) => (span.nanos / 1_000_000n) % 1000n,
};

function utc(field: (date: Date) => number): (instant: Instant) => bigint {
  return (instant) => BigInt(field(instant.date));
}

/** Days since the first of January. */
function dayOfYear(date: Date): number {
  const newYear = new Date(date);
  newYear.setUTCMonth(0, 1);
  return Math.round((date.getTime() - newYear.getTime()) / 86_400_000);
}

/** Arithmetic of times, by operator. */
export const TIME_OPERATORS = {
  'timestamp - timestamp: duration': (a: Instant, b: Instant) => new Span(a.nanos - b.nanos),
  'timestamp - duration: timestamp': (a: Instant, b: Span) => new Instant(a.nanos - b.nanos),
  'timestamp + duration: timestamp': (a: Instant, b: Span) => new Instant(a.nanos + b.nanos),
  'duration + timestamp: timestamp': (a: Span, b: Instant) => new Instant(a.nanos + b.nanos),
  'duration + duration: duration': (a: Span, b: Span) => new Span(a.nanos + b.nanos),
  'duration - duration: duration': (a: Span, b: Span) => new Span(a.nanos - b.nanos),
  ...comparisons('timestamp'),
  ...comparisons('duration'),
} as const;

function comparisons(type: 'timestamp' | 'duration') {
  return {
    [`${type} == ${type}: bool`]: (a: { nanos: bigint }, b: { nanos: bigint }) => a.nanos === b.nanos,
    [`${type} < ${type}: bool`]: (a: { nanos: bigint }, b: { nanos: bigint }) => a.nanos < b.nanos,
    [`${type} <= ${type}: bool`]: (a: { nanos: bigint }, b: { nanos: bigint }) => a.nanos <= b.nanos,
    [`${type} > ${type}: bool`]: (a: { nanos: bigint }, b: { nanos: bigint }) => a.nanos > b.nanos,
    [`${type} >= ${type}: bool`]: (a: { nanos: bigint }, b: { nanos: bigint }) => a.nanos >= b.nanos,
  };
}
