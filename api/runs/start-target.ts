import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { canonical } from '#jobs/canonical.ts';
import { type JobDefinition, validateDefinition } from '#jobs/definition.ts';
import { hasExpression } from '#jobs/expression/scan.ts';
import type { Json } from '#jobs/json.ts';
import { violations } from '#jobs/json-schema.ts';
import { errorAt, InvalidInput, type Problem } from '#jobs/problem.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import { targetViolations } from '#jobs/target-rules.ts';
import { TARGET_SCHEMA } from '#jobs/target-schema.ts';
import { json } from '../views/json.ts';

/** Targets as they are sent; `targetProblems` says what is wrong with them. */
export const SentTarget = z
  .union([z.string(), z.array(z.string()), z.record(z.string(), json)])
  .transform((choice) => choice as TargetChoice)
  .meta({ description: 'a name, a list of names or globs, or a selector such as {"tags": ["edge"], "site": "ber"}' });

/** The targets of steps that name none. */
export const StartTarget = SentTarget.nullable().default(null);

/** Throws InvalidInput for targets that are none, and for several where the definition's expressions count on one, or the other way round. */
export function refuseTarget(choice: TargetChoice, definition: JobDefinition): void {
  if (definition.target !== undefined && canonical(choice as Json) === canonical(definition.target as Json)) return;
  const problems = [...targetProblems(choice)];
  if (problems.length > 0) throw new InvalidInput(problems);
  if (isMany(choice) === isMany(definition.target)) return;
  const found = validateDefinition({ ...definition, target: choice } as unknown as Json, STEP_SPECS).problems;
  const errors = found.filter(({ severity }) => severity === 'error');
  const many = isMany(choice) ? 'on several targets' : 'on one target';
  if (errors.length > 0) throw new InvalidInput(errors.map(({ message }) => errorAt('/target', `${many} this job cannot run: ${message}`)));
}

/** What is wrong with a choice of targets, whichever there are. */
export function* targetProblems(choice: TargetChoice): Generator<Problem> {
  const shape = [...violations(TARGET_SCHEMA, choice as Json, '/target')];
  yield* shape;
  if (shape.length > 0) return;
  if (hasExpression(JSON.stringify(choice)))
    yield errorAt('/target', 'nothing is filled in here; write names, tags and values as they are');
  yield* targetViolations(choice, '/target');
}

const isMany = (choice: TargetChoice | undefined): boolean => choice !== undefined && typeof choice !== 'string';
