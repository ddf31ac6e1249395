import type { Json } from '#jobs/json.ts';
import { EXPRESSION_LIMITS, meter } from './budget.ts';
import { Instant, Span } from './time.ts';

/** A value inside an expression: whole numbers are bigint, objects are maps, so that no key of theirs can mean anything to JavaScript. */
export type Value = null | boolean | bigint | number | string | Instant | Span | readonly Value[] | ReadonlyMap<string, Value>;

/** Brings JSON into an expression; throws on integers JavaScript cannot hold exactly and on values over the limits. */
export function fromJson(json: Json | undefined, depth = 0): Value {
  meter.spend(1);
  if (json === undefined || json === null) return null;
  if (typeof json === 'number') return Number.isInteger(json) ? exactly(json) : json;
  if (typeof json !== 'object') {
    meter.hold(json);
    return json;
  }
  if (depth >= EXPRESSION_LIMITS.valueDepth) throw new Error(`a value nests deeper than ${EXPRESSION_LIMITS.valueDepth}`);
  if (Array.isArray(json)) {
    meter.hold(json);
    return json.map((part: Json) => fromJson(part, depth + 1));
  }
  const entries = Object.entries(json);
  meter.hold(entries);
  return new Map(entries.map(([key, part]) => [key, fromJson(part, depth + 1)]));
}

function exactly(number: number): bigint {
  if (Number.isSafeInteger(number)) return BigInt(number);
  throw new Error(`${number} is outside the integers that are exact (±2^53); pass it as text`);
}

/** Takes a result out of an expression; throws on what JSON cannot carry. */
export function toJson(value: Value): Json {
  meter.spend(typeof value === 'string' ? 1 + (value.length >> 4) : 1);
  meter.hold(value);
  if (typeof value === 'bigint') {
    if (Number.isSafeInteger(Number(value))) return Number(value);
    throw new Error(`${value} is outside the integers that are exact (±2^53)`);
  }
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return Object.is(value, -0) ? 0 : value;
    throw new Error(`${value} is not a number JSON can carry`);
  }
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Instant || value instanceof Span) return value.toString();
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, part]) => [key, toJson(part)]));
  return (value as readonly Value[]).map(toJson);
}
