import { boundViolations } from '../bounds.ts';
import type { BundledJob } from '../exchange/bundle.ts';
import type { Json, JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { errorAt, InvalidInput, type Problem } from '../problem.ts';
import type { SpecsByType } from '../step.ts';
import { take } from '../take.ts';
import { fromConfigStyle } from './config-style.ts';
import { type Converted, NotThatForm } from './conversion.ts';
import { fromStepTypeStyle } from './step-type-style.ts';

const FORMS = { 'config-style': fromConfigStyle, 'step-type-style': fromStepTypeStyle } as const;

/** The forms of definition that Capstan's predecessors used. */
export type ForeignForm = keyof typeof FORMS;
export const FOREIGN_FORMS = Object.keys(FORMS) as [ForeignForm, ...ForeignForm[]];

/** What becomes of steps whose type is not known here. */
export const UNKNOWN_STEPS = ['refuse', 'leave_out'] as const;
export type UnknownSteps = (typeof UNKNOWN_STEPS)[number];

/** One foreign definition in our words. Throws InvalidInput for what is not of the form, and for steps whose type is not known unless they are to be left out. */
export function convert(form: ForeignForm, given: Json, specs: SpecsByType, unknownSteps: UnknownSteps): Converted {
  const made = converted(form, given, specs);
  const refused = unknownSteps === 'refuse' ? unknownTypes(made) : [];
  if (refused.length > 0) throw new InvalidInput(refused);
  return made;
}

function converted(form: ForeignForm, given: Json, specs: SpecsByType): Converted {
  const bounds = [...take(boundViolations(given), LIMITS.problems)];
  if (bounds.length > 0) throw new InvalidInput(bounds);
  try {
    return FORMS[form](given, specs);
  } catch (error) {
    if (error instanceof NotThatForm) throw new InvalidInput([errorAt('', error.message)]);
    throw error;
  }
}

/** A problem for each step that a conversion left out. */
export const unknownTypes = ({ notes }: Converted): readonly Problem[] =>
  notes
    .filter(({ kind, message }) => kind === 'unmapped' && message.startsWith('there is no step type'))
    .map(({ pointer, message }) =>
      errorAt(pointer, `${message.replace('; the step was left out', '')}; ask with unknown_steps=leave_out to go without it`),
    );

/** The definitions of a JSON text in a foreign form, one or a list of them, each with what became of its fields. Throws InvalidInput for a text that is not JSON. */
export function readForeign(form: ForeignForm, text: string, specs: SpecsByType, unknownSteps: UnknownSteps): readonly BundledJob[] {
  const value = readJson(text);
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.map((one) => bundled(form, one, specs, unknownSteps));
}

function bundled(form: ForeignForm, given: Json, specs: SpecsByType, unknownSteps: UnknownSteps): BundledJob {
  const base = { format: 'json', message: `from ${form}`, line: 1, lines_before: 0 } as const;
  try {
    const made = converted(form, given, specs);
    const problems = unknownSteps === 'refuse' ? unknownTypes(made) : [];
    return { ...base, source: `${JSON.stringify(made.definition, null, 2)}\n`, problems, report: made.notes };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const name = typeof given === 'object' && given !== null ? ((given as JsonObject).name ?? null) : null;
    return { ...base, source: JSON.stringify({ name }), problems: error.problems, report: [] };
  }
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new InvalidInput([errorAt('', `the text is not JSON: ${error instanceof Error ? error.message : String(error)}`)]);
  }
}
