import { canonical } from './canonical.ts';
import type { Json, JsonObject, JsonSchema } from './json.ts';
import { patternOf } from './pattern.ts';
import { errorAt, type Problem, pointerTo, shown } from './problem.ts';
import { didYouMean } from './suggest.ts';

export interface CheckOptions {
  /** Holds the `$defs` that `$ref` names. */
  readonly root?: JsonSchema;
  /** Says of a text that its value is only known when the run gets there: `value` all of it, `text` a part; its schema then waits. */
  readonly deferred?: (text: string) => 'value' | 'text' | null;
}

/**
 * Everything in which a value breaks its schema, lazily, so that a caller may stop at its limit.
 * Our own validator, since no library evaluates patterns by RE2, lets templates wait for their value, or answers in our words; the dialect is `JsonSchema` of `json.ts`.
 */
export function* violations(schema: JsonSchema, value: Json, pointer = '', options: CheckOptions = {}): Generator<Problem> {
  const known = resolved(schema, options);
  const deferred = typeof value === 'string' ? options.deferred?.(value) : null;
  if (deferred === 'value') return;
  if (deferred === 'text' && typesOf(known).includes('string')) return;

  if (!typesOf(known).some((type) => hasType(value, type))) {
    yield errorAt(pointer, `${shown(value)} is not ${wordsOf(known)}${quotesHint(known, value)}`, { value, expected: wordsOf(known) });
    return;
  }
  yield* valueViolations(known, value, pointer);
  yield* alternatives(known, value, pointer, options);
  if (typeof value === 'string') yield* textViolations(known, value, pointer);
  else if (typeof value === 'number') yield* numberViolations(known, value, pointer);
  else if (isList(value)) yield* listViolations(known, value, pointer, options);
  else if (isObject(value)) yield* objectViolations(known, value, pointer, options);
}

function resolved(schema: JsonSchema, { root }: CheckOptions): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const found = root?.$defs?.[schema.$ref.replace('#/$defs/', '')];
  if (!found) throw new Error(`schema: nothing at ${schema.$ref}`);
  return found;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPE_WORDS: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const ANY_TYPE = Object.keys(TYPE_WORDS);

function typesOf({ type }: JsonSchema): readonly string[] {
  if (type === undefined) return ANY_TYPE;
  return typeof type === 'string' ? [type] : type;
}

/** What a schema wants, for people. */
function wordsOf(schema: JsonSchema): string {
  if (schema['x-expected']) return schema['x-expected'];
  if (schema.enum) return `one of ${choices(schema.enum)}`;
  const types = typesOf(schema);
  return types === ANY_TYPE ? 'any value' : types.map((type) => TYPE_WORDS[type]).join(' or ');
}

function hasType(value: Json, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return isList(value);
  if (type === 'object') return isObject(value);
  return value === null ? type === 'null' : typeof value === type;
}

function quotesHint(schema: JsonSchema, value: Json): string {
  if (schema['x-expected'] !== undefined) return '';
  const types = typesOf(schema);
  if ((typeof value === 'number' || typeof value === 'boolean') && types.includes('string')) return `; write "${value}" in quotes`;
  if (typeof value !== 'string') return '';
  const isNumber = /^-?\d+(\.\d+)?$/.test(value) && (types.includes('number') || (types.includes('integer') && !value.includes('.')));
  const isBoolean = (value === 'true' || value === 'false') && types.includes('boolean');
  return isNumber || isBoolean ? `; write ${value} without quotes` : '';
}

const enumTexts = new WeakMap<readonly Json[], ReadonlySet<string>>();

function textsOf(values: readonly Json[]): ReadonlySet<string> {
  const known = enumTexts.get(values) ?? new Set(values.map(canonical));
  enumTexts.set(values, known);
  return known;
}

function* valueViolations(schema: JsonSchema, value: Json, pointer: string): Generator<Problem> {
  if (schema.enum && !textsOf(schema.enum).has(canonical(value))) {
    const expected = wordsOf(schema);
    const near =
      typeof value === 'string'
        ? didYouMean(
            value,
            schema.enum.filter((choice) => typeof choice === 'string'),
          )
        : '';
    yield errorAt(pointer, `${shown(value)} is not ${expected}${near}`, { value, expected });
  }
  if (schema.const !== undefined && canonical(schema.const) !== canonical(value)) {
    yield errorAt(pointer, `${shown(value)} is not ${shown(schema.const)}`, { value, expected: shown(schema.const) });
  }
}

const choices = (values: readonly Json[]): string => {
  const first = values.slice(0, 12).map((value) => (typeof value === 'string' && value !== '' ? value.slice(0, 40) : shown(value)));
  return values.length > first.length ? `${first.join(', ')} and ${values.length - first.length} more` : first.join(', ');
};

function* alternatives(schema: JsonSchema, value: Json, pointer: string, options: CheckOptions): Generator<Problem> {
  for (const part of schema.allOf ?? []) yield* violations(part, value, pointer, options);
  const matches = (choice: JsonSchema): boolean => violations(choice, value, pointer, options).next().done === true;
  if (schema.anyOf && !schema.anyOf.some(matches)) yield* noneFits(schema.anyOf, value, pointer, options);
  if (!schema.oneOf) return;
  const count = schema.oneOf.filter(matches).length;
  if (count === 1 || (count > 1 && isDeferredWithin(value, options))) return;
  if (count === 0 && !namesFields(schema.oneOf)) yield* noneFits(schema.oneOf, value, pointer, options);
  else yield errorAt(pointer, oneOfWords(schema.oneOf, count), { value });
}

/** When only one alternative takes values of this type, what is wrong is wrong with that one. */
function* noneFits(parts: readonly JsonSchema[], value: Json, pointer: string, options: CheckOptions): Generator<Problem> {
  const all = parts.map((part) => resolved(part, options));
  const [only, another] = all.filter((part) => typesOf(part).some((type) => hasType(value, type)));
  if (only && !another) yield* violations(only, value, pointer, options);
  else yield errorAt(pointer, `${shown(value)} is not ${[...new Set(all.map(wordsOf))].join(' or ')}`, { value });
}

/** True for alternatives that differ in the one field each of them requires. */
const namesFields = (parts: readonly JsonSchema[]): boolean => parts.every((part) => part.required?.length === 1);

function oneOfWords(parts: readonly JsonSchema[], count: number): string {
  if (!namesFields(parts)) return `fits ${count} of its alternatives, and must fit one`;
  return `${count === 0 ? 'needs' : 'may have only'} one of ${parts.flatMap((part) => part.required ?? []).join(', ')}`;
}

function isDeferredWithin(value: Json, options: CheckOptions): boolean {
  if (typeof value === 'string') return (options.deferred?.(value) ?? null) !== null;
  return typeof value === 'object' && value !== null && Object.values(value).some((part) => isDeferredWithin(part, options));
}

function* textViolations(schema: JsonSchema, value: string, pointer: string): Generator<Problem> {
  const { minLength, maxLength, pattern } = schema;
  const length = minLength === undefined && maxLength === undefined ? 0 : charactersOf(value);
  if (minLength !== undefined && length < minLength) {
    yield errorAt(pointer, minLength === 1 ? 'must not be empty' : `${shown(value)} is shorter than ${minLength} characters`, { value });
  }
  if (maxLength !== undefined && length > maxLength) {
    yield errorAt(pointer, `${shown(value)} is longer than ${maxLength} characters`, { value });
    return;
  }
  if (pattern !== undefined && !patternOf(pattern).test(value)) {
    const expected = schema['x-expected'];
    yield errorAt(pointer, `${shown(value)} ${expected ? `is not ${expected}` : `does not match ${pattern}`}`, {
      value,
      expected: expected ?? pattern,
    });
  }
}

/** Unicode characters, as JSON Schema counts them. */
function charactersOf(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at++) if ((text.codePointAt(at) ?? 0) > 0xffff) pairs += 1;
  return text.length - pairs;
}

function* numberViolations(schema: JsonSchema, value: number, pointer: string): Generator<Problem> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const must = (expected: string): Problem => errorAt(pointer, `${value} is not ${expected}`, { value, expected });
  if (minimum !== undefined && value < minimum) yield must(`at least ${minimum}`);
  if (maximum !== undefined && value > maximum) yield must(`at most ${maximum}`);
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) yield must(`more than ${exclusiveMinimum}`);
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) yield must(`less than ${exclusiveMaximum}`);
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) yield must(`a multiple of ${multipleOf}`);
}

/** Decimal fractions are inexact in binary: 0.3 is a multiple of 0.1 all the same. */
function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return Math.abs(times - Math.round(times)) <= 1e-12 * Math.abs(times);
}

function* listViolations(schema: JsonSchema, value: readonly Json[], pointer: string, options: CheckOptions): Generator<Problem> {
  const { minItems, maxItems, items } = schema;
  if (minItems !== undefined && value.length < minItems)
    yield errorAt(pointer, `has ${entries(value.length)}; at least ${minItems} needed`);
  if (maxItems !== undefined && value.length > maxItems) {
    yield errorAt(pointer, `has ${entries(value.length)}; at most ${maxItems} allowed`);
    return;
  }
  if (schema.uniqueItems) yield* repeated(value, pointer);
  if (items) for (const [at, item] of value.entries()) yield* violations(items, item, pointerTo(pointer, at), options);
}

const entries = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);

function* repeated(value: readonly Json[], pointer: string): Generator<Problem> {
  const first = new Map<string, number>();
  for (const [at, item] of value.entries()) {
    const text = canonical(item);
    const earlier = first.get(text);
    if (earlier === undefined) first.set(text, at);
    else yield errorAt(pointerTo(pointer, at), `${shown(item)} stands already at [${earlier}]`, { value: item });
  }
}

function* objectViolations(schema: JsonSchema, value: JsonObject, pointer: string, options: CheckOptions): Generator<Problem> {
  const { properties = {}, additionalProperties, maxProperties } = schema;
  const size = Object.keys(value).length;
  if (size < (schema.minProperties ?? 0)) yield errorAt(pointer, `has ${entries(size)}; at least ${schema.minProperties} needed`);
  if (maxProperties !== undefined && size > maxProperties) {
    yield errorAt(pointer, `has ${entries(size)}; at most ${maxProperties} allowed`);
    return;
  }
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(value, name)) continue;
    const expected = wordsOf(resolved(properties[name] ?? {}, options));
    yield errorAt(pointerTo(pointer, name), `is missing (${expected})`, { expected });
  }
  for (const [name, field] of Object.entries(value)) {
    const at = pointerTo(pointer, name);
    if (schema.propertyNames) yield* violations(schema.propertyNames, name, at, options);
    if (Object.hasOwn(properties, name)) yield* violations(properties[name] ?? {}, field, at, options);
    else if (additionalProperties === false) yield unknownField(at, name, Object.keys(properties));
    else if (typeof additionalProperties === 'object') yield* violations(additionalProperties, field, at, options);
  }
}

/** The answer to a field nobody knows: the nearest known one, or all of them. */
function unknownField(pointer: string, name: string, known: readonly string[]): Problem {
  const near = didYouMean(name, known);
  return errorAt(pointer, `unknown field${near || (known.length > 0 ? `; known are ${known.join(', ')}` : '')}`);
}
