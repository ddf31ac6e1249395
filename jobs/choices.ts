import { canonical } from './canonical.ts';
import { conditionOf } from './compile.ts';
import type { ChoicesDefinition, ParameterSchema } from './definition.ts';
import { evaluate } from './expression/evaluate.ts';
import { stepFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { shown } from './problem.ts';

/** Choices of one parameter at most. */
const MOST_CHOICES = 1_000;

export const CHOICES_WORKFLOW = 'fetchChoices';

/** Asks a worker what an address answers. */
export interface ChoicesCall {
  readonly url: string;
}

/** What it answered, as data; or why there is nothing. */
export type ChoicesAnswer = { readonly body: Json } | { readonly error: string };

/** The values a source gave, each once. Throws `StepFailure` for what is no list, too long a one, or holds more than texts, numbers and yes or no. */
export function choicesIn(value: Json, place: string): readonly Json[] {
  const refuse = (why: string) => stepFailure('invalid_input', `${place}: ${why}`);
  if (!Array.isArray(value)) throw refuse(`${shown(value)} is not a list of values`);
  if (value.length > MOST_CHOICES) throw refuse(`${value.length} values are more than a person chooses among; at most ${MOST_CHOICES}`);
  const odd = value.find((one) => typeof one === 'object');
  if (odd !== undefined) throw refuse(`${shown(odd)} is no value to choose; give texts, numbers or true and false`);
  return [...new Map(value.map((one) => [canonical(one), one])).values()];
}

/** The list in what an address answered. Throws `StepFailure`. */
export const choicesInAnswer = ({ items }: NonNullable<ChoicesDefinition['http']>, result: Json, parameters: JsonObject, place: string) =>
  choicesIn(items === undefined ? result : evaluate(conditionOf(items), { result, parameters }, `${place}.items`), place);

/** Whether a value, or each of a list of them, is among the choices. */
export function isChosenAmong({ type }: ParameterSchema, value: Json, choices: readonly Json[]): boolean {
  const known = new Set(choices.map(canonical));
  const values = type === 'array' && Array.isArray(value) ? value : [value];
  return values.every((one) => known.has(canonical(one)));
}
