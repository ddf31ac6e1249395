import { conditionOf } from './compile.ts';
import type { JobDefinition } from './definition.ts';
import { evaluate } from './expression/evaluate.ts';
import { StepFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { pointerTo } from './problem.ts';

type Schemas = NonNullable<JobDefinition['parameters']>;

/** The parameters a form asks for as it is filled in: by what was given, else the defaults. One whose condition cannot be told yet is not asked for. */
export const askedParameters = (schemas: Schemas, given: JsonObject): ReadonlySet<string> => toldAsked(schemas, given, () => undefined);

/**
 * The parameters a person is asked for. A condition is told once those it reads are known, in whatever order the definition was stored; of one that cannot be told
 * at all, `untold` hears why.
 */
export function toldAsked(schemas: Schemas, given: JsonObject, untold: (pointer: string, problem: string) => void): ReadonlySet<string> {
  const known: { [name: string]: Json } = {};
  const asked = new Set<string>();
  const settle = (name: string, isAsked: boolean) => {
    if (isAsked) asked.add(name);
    const value = isAsked && Object.hasOwn(given, name) ? given[name] : schemas[name]?.default;
    if (value !== undefined) known[name] = value;
  };
  const conditional = new Set<string>();
  for (const [name, schema] of Object.entries(schemas)) {
    if (schema.visible_if === undefined) settle(name, true);
    else conditional.add(name);
  }
  let problems: readonly (readonly [name: string, problem: string])[] = [];
  for (let patient = true; conditional.size > 0; ) {
    const before = conditional.size;
    problems = [];
    for (const name of conditional) {
      const condition = schemas[name]?.visible_if ?? '';
      if (patient && [...conditional].some((other) => other !== name && names(condition, other))) continue;
      const told = conditionFor(condition, known, pointerTo('/parameters', name));
      if (typeof told === 'string') problems = [...problems, [name, told]];
      else {
        settle(name, told);
        conditional.delete(name);
      }
    }
    if (conditional.size < before) patient = true;
    else if (patient) patient = false;
    else break;
  }
  for (const [name, problem] of problems) untold(pointerTo('/parameters', name), problem);
  return asked;
}

/** Whether a name stands in a condition, not merely its letters. */
const names = (condition: string, name: string): boolean =>
  condition.split(name).some((before, at, all) => at < all.length - 1 && !/\w$/.test(before) && !/^\w/.test(all[at + 1] ?? ''));

/** Whether a condition holds, or why that cannot be told. */
function conditionFor(condition: string, parameters: JsonObject, pointer: string): boolean | string {
  try {
    return evaluate(conditionOf(condition), { parameters }, `${pointer}/visible_if`) === true;
  } catch (error) {
    if (error instanceof StepFailure) return error.message;
    throw error;
  }
}
