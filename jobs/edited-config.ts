import { effectOf } from './effect.ts';
import { hasExpression, templateKind } from './expression/scan.ts';
import type { Json, JsonObject } from './json.ts';
import { violations } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import type { PlannedStep } from './plan.ts';
import { errorAt, type Problem, pointerTo } from './problem.ts';
import type { SpecsByType } from './step.ts';
import { take } from './take.ts';

/** What is wrong with fields that a person puts in place of those of a step that is to be tried again; pointers begin at `/config`. */
export function editViolations(step: PlannedStep, edit: JsonObject, specs: SpecsByType): readonly Problem[] {
  const spec = Object.hasOwn(specs, step.type) ? specs[step.type] : undefined;
  if (spec === undefined) return [errorAt('/config', `there are no steps of type ${step.type} any more`)];
  if (step.type === 'approval')
    return [errorAt('/config', 'says who decides and on what, which nobody changes for one run; save the job with it')];
  const unfilled = Object.entries(edit).flatMap(([field, value]) => expressionsIn(value, pointerTo('/config', field)));
  if (unfilled.length > 0) return unfilled.slice(0, LIMITS.problems);
  const config = { ...step.config, ...edit };
  const found = [...take(violations(spec.config, config, '/config', { deferred: templateKind }), LIMITS.problems)];
  if (found.length > 0 || effectOf(spec, config) === step.effect) return found;
  const message = `makes the step ${effectOf(spec, config)}, which was ${step.effect}; save the job with it and run it again`;
  return [errorAt('/config', message)];
}

function expressionsIn(value: Json, pointer: string): readonly Problem[] {
  if (typeof value === 'string') {
    return hasExpression(value)
      ? [errorAt(pointer, 'is used as it stands, so no expression is filled in; write the value', { value })]
      : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => expressionsIn(inner, pointerTo(pointer, key)));
}
