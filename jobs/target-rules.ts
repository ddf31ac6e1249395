import { hasExpression } from './expression/scan.ts';
import { globProblem, isGlob } from './glob.ts';
import { errorAt, type Problem, pointerTo, shown } from './problem.ts';
import { attributesOf, SELECTOR_FIELDS } from './select-targets.ts';
import { didYouMean } from './suggest.ts';
import type { TargetChoice, TargetSelector } from './target-choice.ts';

/** What the shape of a target cannot say: globs that stand for one name, brackets without a partner, selectors that ask for nothing, fields that are nearly the selector's own. */
export function* targetViolations(choice: TargetChoice, pointer: string): Generator<Problem> {
  if (typeof choice === 'string') {
    if (!hasExpression(choice) && isGlob(choice)) {
      yield errorAt(pointer, `${shown(choice)} stands for several names; write [${JSON.stringify(choice)}]`, { value: choice });
    }
  } else if (isNames(choice)) yield* namesViolations(choice, pointer);
  else yield* selectorViolations(choice, pointer);
}

const isNames = (choice: readonly string[] | TargetSelector): choice is readonly string[] => Array.isArray(choice);

function* namesViolations(names: readonly string[], pointer: string): Generator<Problem> {
  for (const [at, name] of names.entries()) {
    const problem = hasExpression(name) ? null : globProblem(name);
    if (problem !== null) yield errorAt(pointerTo(pointer, at), `${shown(name)} ${problem}`, { value: name });
  }
}

function* selectorViolations(selector: TargetSelector, pointer: string): Generator<Problem> {
  if (Array.isArray(selector.names)) yield* namesViolations(selector.names, `${pointer}/names`);
  const attributes = attributesOf(selector).map(([name]) => name);
  for (const name of attributes) {
    const near = didYouMean(name, SELECTOR_FIELDS);
    if (near !== '') yield errorAt(pointerTo(pointer, name), `is no field of a selector, and too near to one to be an attribute${near}`);
  }
  const asks = Object.keys(selector).some((field) => field !== 'allow_empty');
  if (!asks) yield errorAt(pointer, 'asks for nothing, which would be every target; write { names: ["*"] } if that is meant');
}
