import type { JsonObject } from './json.ts';
import type { Effect, StepSpec } from './step.ts';
import { EFFECTS } from './step.ts';

/** What repeating a step of this type with this config may do: its author's word where the type lets him have one, else what the fields he set mean. A word that is a template says nothing before the run. */
export function effectOf({ effect }: Pick<StepSpec, 'effect'>, config: JsonObject): Effect {
  if (typeof effect === 'string') return effect;
  const word = effect.named_by === undefined ? undefined : config[effect.named_by];
  const named = EFFECTS.find((known) => known === word);
  if (named !== undefined) return named;
  const having = Object.entries(effect.having ?? {}).find(([field]) => isSet(config[field]));
  return having?.[1] ?? effect.default;
}

const isSet = (value: JsonObject[string] | undefined): boolean =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
