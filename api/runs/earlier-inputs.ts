import type { RunWithPlan } from '#db/queries/find-run.ts';
import type { JobDefinition } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';

/** Parameters of a run that is to run again, and what a person should know about them. */
interface EarlierParameters {
  readonly parameters: JsonObject;
  readonly warnings: readonly string[];
}

/** What a run starts with that repeats an earlier one: its parameters, those given now over them, without those that the definition no longer has. */
export function parametersAgain(run: RunWithPlan, { parameters: known = {} }: JobDefinition, given: JsonObject): EarlierParameters {
  const gone = Object.keys(run.parameters).filter((name) => !Object.hasOwn(known, name) && !Object.hasOwn(given, name));
  const kept = Object.entries(run.parameters).filter(([name]) => !gone.includes(name));
  return {
    parameters: { ...Object.fromEntries(kept), ...given },
    warnings: gone.map((name) => `parameter ${name} of run #${run.number} is left out: this version has none of that name`),
  };
}
