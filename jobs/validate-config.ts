import type { JsonObject } from './json.ts';
import { violations } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import type { Problem } from './problem.ts';
import type { StepSpec } from './step.ts';
import { take } from './take.ts';

/** What is wrong with a step's config once its templates are filled in; pointers begin at `/config`. */
export const validateConfig = (spec: StepSpec, config: JsonObject): readonly Problem[] => [
  ...take(violations(spec.config, config, '/config'), LIMITS.problems),
];
