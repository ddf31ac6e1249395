import { ApplicationFailure } from '@temporalio/activity';
import type { Database } from '#db/client.ts';
import { type ChosenTarget, resolveTargets, UnknownTargets } from '#db/queries/resolve-targets.ts';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import { isGlob, matchesGlob } from '#jobs/glob.ts';
import { LIMITS } from '#jobs/limits.ts';
import type { SpecsByType } from '#jobs/step.ts';
import type { TargetSelector } from '#jobs/target-choice.ts';
import { targetWords } from '#jobs/target-words.ts';
import type { TargetsCall, TargetsReport } from '#workflows/messages.ts';
import { STEP_SPECS } from '../catalog.ts';

/** The activity that looks up which targets a step means. What no other look would change fails at once: a name that nobody has or that is switched off, none at all, too many. */
export const createResolveTargets = ({ sql }: Pick<Database, 'sql'>) => ({
  resolveTargets: async (call: TargetsCall): Promise<TargetsReport> => {
    try {
      const found = await resolveTargets(sql, call.project, wantedOf(call));
      return { targets: partsFor(call, found), ...(found.some(({ windowed }) => windowed) && { windowed: true }) };
    } catch (error) {
      if (error instanceof UnknownTargets) throw ApplicationFailure.nonRetryable(error.message, 'invalid_input');
      if (error instanceof StepFailure) throw ApplicationFailure.nonRetryable(error.message, error.type);
      throw error;
    }
  },
});

const SPECS: SpecsByType = STEP_SPECS;

/** A selector means targets of the kind that the step needs; a list is taken at its word. */
const wantedOf = ({ type, choice }: TargetsCall): TargetsCall['choice'] => {
  const kind = SPECS[type]?.target;
  return isNames(choice) || kind === undefined ? choice : { kind, ...choice };
};

function partsFor({ choice }: TargetsCall, found: readonly ChosenTarget[]): readonly string[] {
  const names = isNames(choice) ? choice : (choice.names ?? []);
  const off = found.filter(({ name, enabled }) => !enabled && names.includes(name)).map(({ name }) => JSON.stringify(name));
  if (off.length > 0)
    throw stepFailure(
      'invalid_input',
      off.length === 1 ? `target ${off[0]} is switched off` : `targets ${off.join(', ')} are switched off`,
    );
  const usable = found.filter(({ enabled }) => enabled).map(({ name }) => name);
  if (usable.length === 0 && (isNames(choice) || choice.allow_empty !== true)) {
    throw stepFailure('invalid_input', `no target that is switched on fits ${targetWords(choice)}`);
  }
  if (usable.length > LIMITS.parts) {
    throw stepFailure('invalid_input', `${usable.length} targets fit ${targetWords(choice)}; a step takes at most ${LIMITS.parts}`);
  }
  return isNames(choice) ? inOrderOf(choice, usable) : usable;
}

/** A list says where to begin. */
function inOrderOf(names: readonly string[], usable: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((wanted) => usable.filter((name) => (isGlob(wanted) ? matchesGlob(wanted, name) : name === wanted))))];
}

const isNames = (choice: readonly string[] | TargetSelector): choice is readonly string[] => Array.isArray(choice);
