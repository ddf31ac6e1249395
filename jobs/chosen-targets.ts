import { render } from './expression/render.ts';
import type { Variables } from './expression/variables.ts';
import { stepFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { shown } from './problem.ts';
import { attributesOf } from './select-targets.ts';
import type { TargetChoice, TargetSelector } from './target-choice.ts';

/** Targets that are still to be looked up: names or globs, or a selector. */
export type ManyTargets = Exclude<TargetChoice, string>;

/** What a step's target says once its templates are filled in. Throws `StepFailure('invalid_input')` for what says none. */
export function chosenTargets(choice: TargetChoice, variables: Variables, place: string): TargetChoice {
  const value = render(choice as Json, variables, { place });
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // Postgres cannot look for it, and whoever asks would ask for ever.
  if (JSON.stringify(value).includes('\\u0000')) throw stepFailure('invalid_input', `${place}: text must not hold NUL characters`);
  if (typeof value === 'string' && value !== '') return value;
  if (isListOfTexts(value)) return [...new Set(value)];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return selectorOf(value as JsonObject, place);
  const why = Array.isArray(value) ? 'holds something that is no name' : `${shown(value)} is no target`;
  throw stepFailure('invalid_input', `${place}: ${why}; write a name, a list of names or a selector`);
}

const isListOfTexts = (value: Json): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');

const LISTS = ['names', 'tags', 'any_tags', 'not_tags'] as const;

function selectorOf(value: JsonObject, place: string): TargetSelector {
  const refuse = (field: string, expected: string): never => {
    throw stepFailure('invalid_input', `${place}.${field}: ${shown(value[field] ?? null)} is not ${expected}`);
  };
  for (const field of LISTS) if (value[field] !== undefined && !isListOfTexts(value[field])) refuse(field, 'a list of texts');
  if (value.kind !== undefined && typeof value.kind !== 'string') refuse('kind', 'text');
  if (value.allow_empty !== undefined && typeof value.allow_empty !== 'boolean') refuse('allow_empty', 'true or false');
  for (const [name, wanted] of attributesOf(value)) {
    if (wanted === null || typeof wanted === 'object') refuse(name, 'the value of an attribute, which is text, a number, true or false');
  }
  return value;
}
