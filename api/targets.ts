import type { z } from 'zod';
import { DEVICE_TYPES } from '#activities/transports/device/platforms.ts';
import { findTarget } from '#db/queries/find-target.ts';
import { type ChosenTarget, resolveTargets } from '#db/queries/resolve-targets.ts';
import type { TargetRow } from '#db/schema/targets.ts';
import { boundViolations } from '#jobs/bounds.ts';
import { windowProblem } from '#jobs/calendars/maintenance.ts';
import { errorAt, InvalidInput, type Problem, pointerTo } from '#jobs/problem.ts';
import { didYouMean } from '#jobs/suggest.ts';
import type { TargetChoice } from '#jobs/target-choice.ts';
import { timezoneProblem } from '#jobs/timezone.ts';
import { notFound } from './problem.ts';
import { PROJECT } from './project.ts';
import { targetProblems as choiceProblems } from './runs/start-target.ts';
import type { Services } from './services.ts';
import type { TargetContent } from './views/target.ts';

type Content = Pick<z.output<typeof TargetContent>, 'kind' | 'device_type' | 'timezone' | 'attributes' | 'maintenance'>;

/** What is wrong with a target beyond its shape, as far as it can be seen without other targets. */
export function* targetProblems({ kind, device_type, timezone, attributes, maintenance }: Content, pointer = ''): Generator<Problem> {
  const at = pointerTo(pointer, 'device_type');
  if (device_type !== null && !DEVICE_TYPES.some((known) => known === device_type)) {
    const hint = didYouMean(device_type, DEVICE_TYPES) || `; known are ${DEVICE_TYPES.join(', ')}`;
    yield errorAt(at, `"${device_type}" is no device type${hint}`, { value: device_type });
  }
  if (kind === 'device' && device_type === null) {
    yield errorAt(at, `is missing; a device needs one of ${DEVICE_TYPES.join(', ')}`);
  }
  yield* boundViolations(attributes, pointerTo(pointer, 'attributes'));
  if (timezone !== null) yield* timezoneProblem(pointerTo(pointer, 'timezone'), timezone);
  for (const [place, window] of maintenance.entries()) {
    const says = windowProblem(window);
    if (says !== null) yield errorAt(pointerTo(pointerTo(pointer, 'maintenance'), place), says, { value: window });
  }
}

/** Refuses what `targetProblems` finds. Throws InvalidInput. */
export function requireSound(content: Content): void {
  const problems = [...targetProblems(content)];
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** The targets that a choice stands for, globs too. Throws InvalidInput for what is no choice, UnknownTargets for names that nobody has. */
export async function chosenTargets({ database }: Services, choice: TargetChoice): Promise<readonly ChosenTarget[]> {
  const names = typeof choice === 'string' ? [choice] : choice;
  const problems = [...choiceProblems(names)];
  if (problems.length > 0) throw new InvalidInput(problems);
  return resolveTargets(database.sql, PROJECT, names);
}

/** The target of this name; throws 404 when there is none. */
export async function requireTarget({ database }: Services, name: string): Promise<TargetRow> {
  const target = await findTarget(database.sql, PROJECT, name);
  if (!target) throw notFound(`no target ${name}`);
  return target;
}
