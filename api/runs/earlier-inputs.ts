import type { RunWithPlan } from '#db/queries/find-run.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';
import { errorAt, InvalidInput, pointerTo } from '#jobs/problem.ts';
import { secretNames } from '#jobs/secret-parameters.ts';

/** Parameters of a run that is to run again, and what a person should know about them. */
interface EarlierParameters {
  readonly parameters: JsonObject;
  readonly warnings: readonly string[];
}

/** What may be given when a run is started again as it was: the values that are kept nowhere. Throws InvalidInput for any other. */
export function onlySecret(given: JsonObject, { parameters }: JobDefinition): JsonObject {
  const secret = secretNames(parameters);
  const others = Object.keys(given).filter((name) => !secret.includes(name));
  if (others.length === 0) return given;
  const says = 'stays as it was in a retry; give other values to a re-run';
  throw new InvalidInput(others.map((name) => errorAt(pointerTo('/parameters', name), says)));
}

/** What a run starts with that repeats an earlier one: its parameters, those given now over them, without those that are taken away or that the definition no longer has. */
export function parametersAgain(
  run: RunWithPlan,
  { parameters: known = {} }: JobDefinition,
  given: JsonObject,
  without: readonly string[] = [],
): EarlierParameters {
  const gone = Object.keys(run.parameters).filter((name) => !Object.hasOwn(known, name) && !Object.hasOwn(given, name));
  const kept = Object.entries(run.parameters).filter(([name]) => !gone.includes(name) && !without.includes(name));
  return {
    parameters: { ...Object.fromEntries(kept), ...given },
    warnings: gone.map((name) => `parameter ${name} of run #${run.number} is left out: this version has none of that name`),
  };
}
