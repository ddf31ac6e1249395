import { z } from 'zod';
import { STEP_SPECS } from '#activities/catalog.ts';
import { fromConfigStyle } from '#jobs/foreign/config-style.ts';
import { type Converted, NotThatForm } from '#jobs/foreign/conversion.ts';
import { fromStepTypeStyle } from '#jobs/foreign/step-type-style.ts';
import type { JsonObject } from '#jobs/json.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';

const FORMS = { 'config-style': fromConfigStyle, 'step-type-style': fromStepTypeStyle } as const;
/** The forms of definition that Capstan's predecessors used. */
export const FOREIGN_FORMS = Object.keys(FORMS) as readonly (keyof typeof FORMS)[];
export type ForeignForm = keyof typeof FORMS;

/** What became of each field that is another here. */
export const ConversionReport = z
  .array(z.object({ kind: z.enum(['renamed', 'rewritten', 'unmapped']), pointer: z.string(), message: z.string() }))
  .meta({ description: 'each field of the given text that was renamed, rewritten or left out' });

/** A foreign definition in our words. Throws InvalidInput for what is not of the form, and, unless they are to be left out, for steps whose type is not known. */
export function converted(form: ForeignForm, given: JsonObject, unknownSteps: 'refuse' | 'leave_out'): Converted {
  const made = convert(form, given);
  if (unknownSteps === 'leave_out' || made.leftOut.length === 0) return made;
  const unmapped = made.notes.filter(({ kind, message }) => kind === 'unmapped' && message.startsWith('there is no step type'));
  throw new InvalidInput(
    unmapped.map(({ pointer, message }) =>
      errorAt(pointer, `${message.replace('; the step was left out', '')}; ask with unknown_steps=leave_out to go without it`),
    ),
  );
}

function convert(form: ForeignForm, given: JsonObject): Converted {
  try {
    return FORMS[form](given, STEP_SPECS);
  } catch (error) {
    if (error instanceof NotThatForm) throw new InvalidInput([errorAt('', error.message)]);
    throw error;
  }
}
