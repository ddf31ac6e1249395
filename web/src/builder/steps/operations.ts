import type { JobDefinition, StepDefinition } from '#jobs/definition.ts';
import { DEFINITION_SCHEMA } from '#jobs/definition-schema.ts';
import type { Json, JsonObject, JsonSchema } from '#jobs/json.ts';
import { COMPENSATION_SCHEMA, STEP_SCHEMA } from '#jobs/step-schema.ts';
import type { Edit } from '../document/edit.ts';
import { type Chosen, freeId } from '../draft/selection.ts';
import type { ListName } from '../reading/messages.ts';
import type { StepTypeView } from '../views.ts';

/** What is done to a definition and what is chosen afterwards. */
export interface Operation {
  readonly edits: readonly Edit[];
  readonly chosen: Chosen;
}

const ORDER = Object.keys(DEFINITION_SCHEMA.properties);
/** The order in which a step's keys are written when they are new. */
export const STEP_ORDER = Object.keys(STEP_SCHEMA.properties);

/** A new step of a type: its id is free, its config has what must be given, as the type's first example has it. */
export function addStep(
  definition: JobDefinition | null,
  type: StepTypeView,
  list: ListName,
  at: number,
): Operation & { readonly id: string } {
  const id = freeId(type.type.split('.').at(-1) ?? 'step', definition);
  const { required = [] } = type.config as JsonSchema;
  const [example] = type.examples;
  const config = Object.fromEntries(
    required.flatMap((key) =>
      example && Object.hasOwn((example.config ?? {}) as JsonObject, key) ? [[key, (example.config as JsonObject)[key] as Json]] : [],
    ),
  );
  const value: JsonObject = { id, type: type.type, ...(Object.keys(config).length > 0 && { config }) };
  return { id, edits: [{ kind: 'insert', list: [list], at, value, order: ORDER }], chosen: { list, index: at } };
}

/** An item at another place among its neighbours, or in another list. */
export const moveStep = (from: { list: ListName; index: number }, list: ListName, at: number): Operation => ({
  edits: [{ kind: 'move', path: [from.list, from.index], list: [list], at, order: ORDER }],
  chosen: { list, index: at },
});

/** An item once more, below itself, under an id that is free. */
export const duplicateStep = (
  definition: JobDefinition | null,
  { list, index }: { list: ListName; index: number },
  step: StepDefinition,
): Operation => ({
  edits: [
    {
      kind: 'duplicate',
      path: [list, index],
      fields: typeof step.id === 'string' ? { id: freeId(step.id.replace(/-\d+$/, ''), definition) } : {},
    },
  ],
  chosen: { list, index: index + 1 },
});

/** An item once more, under an id that is free, before the place `at` of a list as it stands. */
export function copyStep(
  definition: JobDefinition | null,
  from: { list: ListName; index: number },
  step: StepDefinition,
  list: ListName,
  at: number,
): Operation {
  const { edits } = duplicateStep(definition, from, step);
  // The copy stands behind its original before it goes to its place, which is counted without it.
  const moved: Edit = { kind: 'move', path: [from.list, from.index + 1], list: [list], at, order: ORDER };
  return { edits: from.list === list && at === from.index + 1 ? edits : [...edits, moved], chosen: { list, index: at } };
}

/** A list without an item; a handlers' list without any goes as well. */
export function deleteStep(definition: JobDefinition | null, { list, index }: { list: ListName; index: number }): Operation {
  const count = definition?.[list]?.length ?? 0;
  const path = count === 1 && list !== 'steps' ? [list] : [list, index];
  const chosen: Chosen = count > 1 ? { list, index: Math.min(index, count - 2) } : { list: null };
  return { edits: [{ kind: 'remove', path }], chosen };
}

const UNDOING = Object.keys(COMPENSATION_SCHEMA.properties);

/** A step that becomes what undoes another; what only steps of a list have goes. */
export function nestStep(from: { list: ListName; index: number }, into: number): Operation {
  const path = [from.list, from.index];
  const target = from.list === 'steps' && from.index < into ? into - 1 : into;
  return {
    edits: [{ kind: 'nest', path, map: ['steps', into], key: 'compensate', keep: UNDOING, order: STEP_ORDER }],
    chosen: { list: 'steps', index: target },
  };
}

/** What undoes a step becomes a step of its own behind it. */
export function freeStep(definition: JobDefinition | null, index: number, step: StepDefinition): Operation {
  const fields = { id: freeId(`undo-${step.id}`, definition) };
  return {
    edits: [{ kind: 'free', path: ['steps', index, 'compensate'], list: ['steps'], at: index + 1, fields }],
    chosen: { list: 'steps', index: index + 1 },
  };
}
