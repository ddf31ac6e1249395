import { DEFINITION_SCHEMA } from '#jobs/definition-schema.ts';
import type { JsonSchema } from '#jobs/json.ts';
import { PARAMETER_SCHEMA } from '#jobs/parameter-shape.ts';
import { COMPENSATION_SCHEMA, HANDLER_SCHEMA, STEP_SCHEMA } from '#jobs/step-schema.ts';
import type { ListName } from '../reading/messages.ts';

/** A parameter's own schema; what may hold further schemas is asked for as JSON, since it never ends. */
export const PARAMETER: JsonSchema = {
  ...PARAMETER_SCHEMA,
  properties: { ...PARAMETER_SCHEMA.properties, items: {}, properties: {}, additionalProperties: {} },
};

/** Where `$ref`s of every part of a definition lead. */
export const ROOT: JsonSchema = { ...DEFINITION_SCHEMA, $defs: { ...DEFINITION_SCHEMA.$defs, parameter: PARAMETER } };

const partOf = ({ properties = {} }: JsonSchema, keys: readonly string[], required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  required,
  properties: Object.fromEntries(keys.flatMap((key) => (properties[key] ? [[key, properties[key]] as const] : []))),
});

const FIRST = ['id', 'name'];
const HANDED = ['outputs', 'secrets'];
const APART = [...FIRST, ...HANDED, 'type', 'config', 'compensate'];

/** What a step is called. */
export const naming = (list: ListName): JsonSchema =>
  partOf(list === 'steps' ? STEP_SCHEMA : HANDLER_SCHEMA, FIRST, list === 'steps' ? ['id'] : []);

const details = (schema: JsonSchema): JsonSchema =>
  partOf(
    schema,
    Object.keys(schema.properties ?? {}).filter((key) => !APART.includes(key)),
  );

const STEP_DETAILS = details(STEP_SCHEMA);
const HANDLER_DETAILS = details(HANDLER_SCHEMA);

/** When, where and how often a step runs. */
export const detailsOf = (list: ListName): JsonSchema => (list === 'steps' ? STEP_DETAILS : HANDLER_DETAILS);

/** What a step hands on and the secrets it binds. */
export const HANDED_ON: JsonSchema = partOf(STEP_SCHEMA, HANDED);

/** What undoes a step, without its config. */
export const UNDOING: JsonSchema = partOf(
  COMPENSATION_SCHEMA,
  Object.keys(COMPENSATION_SCHEMA.properties).filter((key) => key !== 'config'),
);

const OF_LISTS = ['steps', 'on_failure', 'on_cancel', 'parameters'];

/** The job without its steps and parameters; its name is given once. */
export const jobFields = (isNew: boolean): JsonSchema =>
  partOf(
    DEFINITION_SCHEMA,
    Object.keys(DEFINITION_SCHEMA.properties).filter((key) => !OF_LISTS.includes(key) && (isNew || key !== 'name')),
    ['name'],
  );

/** Fields whose text is always an expression, or may be one. */
export const isExpressionOnly = (pointer: string): boolean => /\/(if|condition|visible_if)$|\/outputs\/[^/]+$/.test(pointer);

/** Places where a definition takes expressions beside plain values. */
export const mayBeExpression = (pointer: string): boolean =>
  /^\/(steps|on_failure|on_cancel)\/\d+\/(config|compensate\/config|target|foreach|matrix)(\/|$)|^\/target$|\/concurrency(\/\d+)?\/key$/.test(
    pointer,
  );
