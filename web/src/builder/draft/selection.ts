import type { JobDefinition, StepDefinition } from '#jobs/definition.ts';
import { keysOf, type Problem } from '#jobs/problem.ts';
import type { Path } from '../document/parsed.ts';
import { LISTS, type ListName } from '../reading/messages.ts';

/** What the form is about: the job itself, or an item of one of its lists. */
export type Chosen = { readonly list: null } | { readonly list: ListName; readonly index: number };

export const JOB_ITSELF: Chosen = { list: null };

/** A choice as it stands in the address, e.g. `steps.2`. */
export const writeChosen = (chosen: Chosen): string | null => (chosen.list === null ? null : `${chosen.list}.${chosen.index}`);

/** Reads a choice from the address; anything else is the job. */
export const readChosen = (text: string | undefined): Chosen => {
  const [name, index] = (text ?? '').split('.');
  const list = LISTS.find((one) => one === name);
  return list && /^\d{1,4}$/.test(index ?? '') ? { list, index: Number(index) } : JOB_ITSELF;
};

/** The chosen item, if it is there. */
export const stepAt = (definition: JobDefinition | null, chosen: Chosen): StepDefinition | undefined =>
  chosen.list === null ? undefined : (definition?.[chosen.list]?.[chosen.index] as StepDefinition | undefined);

/** Which item a pointer leads into. */
export const chosenOf = (pointer: string): Chosen => {
  const [list, index] = keysOf(pointer);
  return readChosen(`${list}.${index}`);
};

/** How many problems lie in one item, and whether one of them is more than a warning. */
export interface Trouble {
  readonly count: number;
  readonly isError: boolean;
}

/** The troubles of each item, by its written choice; those of the job under ''. */
export const troublesOf = (problems: readonly Pick<Problem, 'pointer' | 'severity'>[]): ReadonlyMap<string, Trouble> => {
  const troubles = new Map<string, Trouble>();
  for (const { pointer, severity } of problems) {
    const item = writeChosen(chosenOf(pointer)) ?? '';
    const { count, isError } = troubles.get(item) ?? { count: 0, isError: false };
    troubles.set(item, { count: count + 1, isError: isError || severity === 'error' });
  }
  return troubles;
};

/** The path of a pointer, indexes as numbers. */
export const pathOf = (pointer: string): Path => keysOf(pointer).map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** Every item in the order in which lists show them. */
export const itemsOf = (
  definition: JobDefinition | null,
): readonly { readonly list: ListName; readonly index: number; readonly step: StepDefinition }[] =>
  LISTS.flatMap((list) => (definition?.[list] ?? []).map((step, index) => ({ list, index, step: step as StepDefinition })));

/** What people call an item. */
export const nameOf = (step: StepDefinition | undefined, none: string): string =>
  typeof step?.id === 'string' && step.id !== '' ? step.id : typeof step?.type === 'string' && step.type !== '' ? step.type : none;

/** An id like another that no step has yet. */
export const freeId = (like: string, definition: JobDefinition | null): string => {
  const taken = new Set(itemsOf(definition).map(({ step }) => step.id));
  const stem =
    like
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '') || 'step';
  for (let n = 1; ; n++) {
    const id = n === 1 ? stem : `${stem}-${n}`;
    if (!taken.has(id)) return id;
  }
};
