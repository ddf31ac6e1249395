import type { ParameterSchema } from './definition.ts';
import type { JsonSchema } from './json.ts';
import { violations } from './json-schema.ts';
import { patternOf } from './pattern.ts';
import { errorAt, type Problem, pointerTo, shown } from './problem.ts';

const NUMBERS = ['integer', 'number'];

/** What says how a person is asked. */
const ASKED = ['secret', 'order', 'group', 'visible_if', 'choices'];

/** The types whose values a keyword says something of. */
const KEYWORDS: readonly (readonly [keyof JsonSchema, readonly string[]])[] = [
  ['minLength', ['string']],
  ['maxLength', ['string']],
  ['pattern', ['string']],
  ['minimum', NUMBERS],
  ['maximum', NUMBERS],
  ['exclusiveMinimum', NUMBERS],
  ['exclusiveMaximum', NUMBERS],
  ['multipleOf', NUMBERS],
  ['items', ['array']],
  ['minItems', ['array']],
  ['maxItems', ['array']],
  ['uniqueItems', ['array']],
  ['properties', ['object']],
  ['required', ['object']],
  ['additionalProperties', ['object']],
  ['minProperties', ['object']],
  ['maxProperties', ['object']],
];

const ORDERED: readonly (readonly [keyof JsonSchema, keyof JsonSchema])[] = [
  ['minLength', 'maxLength'],
  ['minimum', 'maximum'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
];

/** What a parameter's schema says in vain or against itself: keywords of another type, patterns RE2 refuses, ranges without a value, defaults and choices that do not fit. */
export const parameterViolations = (schema: ParameterSchema, pointer: string): Generator<Problem> => schemaViolations(schema, pointer);

function* schemaViolations(schema: JsonSchema, pointer: string): Generator<Problem> {
  const found: Problem[] = [...keywordViolations(schema, pointer), ...rangeViolations(schema, pointer)];
  yield* found;
  if (schema.items) yield* schemaViolations(schema.items, pointerTo(pointer, 'items'));
  if (typeof schema.additionalProperties === 'object')
    yield* schemaViolations(schema.additionalProperties, pointerTo(pointer, 'additionalProperties'));
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const at = pointerTo(pointerTo(pointer, 'properties'), name);
    for (const field of ASKED) {
      if (field in part) yield errorAt(pointerTo(at, field), `only a whole parameter has ${field}`);
    }
    yield* schemaViolations(part, at);
  }
  if (found.length === 0) yield* valueViolations(schema, pointer);
}

function* keywordViolations(schema: JsonSchema, pointer: string): Generator<Problem> {
  const type = String(schema.type);
  for (const [keyword, types] of KEYWORDS) {
    if (schema[keyword] === undefined || types.includes(type)) continue;
    yield errorAt(pointerTo(pointer, keyword), `${keyword} says something of ${types.join(' and ')} values only; this one is ${type}`);
  }
  if (schema.pattern === undefined) return;
  try {
    patternOf(schema.pattern);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace('error parsing regexp: ', '');
    yield errorAt(pointerTo(pointer, 'pattern'), `${shown(schema.pattern)} is not a pattern of RE2: ${why}`, { value: schema.pattern });
  }
}

function* rangeViolations(schema: JsonSchema, pointer: string): Generator<Problem> {
  for (const [low, high] of ORDERED) {
    const [from, to] = [schema[low], schema[high]];
    if (typeof from === 'number' && typeof to === 'number' && from > to) {
      yield errorAt(pointerTo(pointer, low), `${from} is more than ${high}, ${to}`, { value: from });
    }
  }
  const properties = Object.keys(schema.properties ?? {});
  for (const [at, name] of (schema.required ?? []).entries()) {
    if (schema.additionalProperties === false && !properties.includes(name)) {
      yield errorAt(pointerTo(pointerTo(pointer, 'required'), at), `${shown(name)} is required, yet properties does not allow it`, {
        value: name,
      });
    }
  }
}

/** Choices must be possible, and the default one of what is allowed. */
function* valueViolations(schema: JsonSchema, pointer: string): Generator<Problem> {
  const { enum: choices, default: value, const: only, ...rest } = schema;
  for (const [at, choice] of (choices ?? []).entries()) yield* violations(rest, choice, pointerTo(pointerTo(pointer, 'enum'), at));
  if (only !== undefined) yield* violations(rest, only, pointerTo(pointer, 'const'));
  if (value !== undefined) yield* violations(schema, value, pointerTo(pointer, 'default'));
}
