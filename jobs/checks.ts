import { conditionOf } from './compile.ts';
import type { JobDefinition } from './definition.ts';
import { evaluate } from './expression/evaluate.ts';
import type { Variables } from './expression/variables.ts';
import { StepFailure } from './failure.ts';
import type { JsonObject } from './json.ts';
import type { Problem } from './problem.ts';
import { type ScheduleContext, seenSchedule } from './schedules/context.ts';

/** What the checks of a definition say of these parameters: what keeps a run from starting, and what a person should only know. */
export interface CheckResults {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Evaluates each check; one that cannot be evaluated is one that does not hold. */
export function runChecks(
  { checks = [] }: Pick<JobDefinition, 'checks'>,
  parameters: JsonObject,
  schedule?: ScheduleContext,
): CheckResults {
  const seen = { parameters, schedule: seenSchedule(schedule) };
  const failed = checks.flatMap((check, at) => {
    const why = whyNot(check.condition, seen, `checks[${at}].condition`);
    return why === null ? [] : [{ ...check, at, says: why === '' ? check.message : `${check.message} (${why})` }];
  });
  return {
    problems: failed
      .filter(({ behavior }) => behavior !== 'warn')
      .map(({ at, says }) => ({ pointer: `/checks/${at}`, message: says, severity: 'error' })),
    warnings: failed.filter(({ behavior }) => behavior === 'warn').map(({ says }) => says),
  };
}

/** Null when it holds; what is to be added to its message when it does not. */
function whyNot(condition: string, seen: Variables, place: string): string | null {
  try {
    const answer = evaluate(conditionOf(condition), seen, place);
    if (answer === true) return null;
    return answer === false ? '' : `${place} must answer true or false, not ${JSON.stringify(answer).slice(0, 80)}`;
  } catch (error) {
    if (error instanceof StepFailure) return error.message;
    throw error;
  }
}
