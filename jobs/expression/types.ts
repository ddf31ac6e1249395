import type { Environment } from '@marcbachmann/cel-js';
import type { JsonSchema } from '#jobs/json.ts';
import { SCHEDULE_FIELDS } from '#jobs/schedules/context.ts';
import { LANGUAGE, OWN } from './environment.ts';
import type { Variables } from './variables.ts';

/** What a place lets expressions see: a JSON Schema for each variable; a variable without one does not exist there. */
export type ScopeTypes = { readonly [V in keyof Variables]?: JsonSchema };

const object = (properties: { readonly [key: string]: JsonSchema }): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
});
const text: JsonSchema = { type: 'string' };

/** What a step's `if`, `target` and `config` and the outputs of a run see: `steps` maps the ids they may name to the schema of those outputs. */
export const runScope = (
  parameters: { readonly [name: string]: JsonSchema },
  steps: { readonly [id: string]: JsonSchema },
): ScopeTypes => ({
  parameters: object(parameters),
  steps: object(Object.fromEntries(Object.entries(steps).map(([id, outputs]) => [id, object({ status: text, outputs })]))),
  run: object({ id: text, job: text, started_at: text, status: text, error: text }),
  target: text,
  schedule: object(Object.fromEntries(SCHEDULE_FIELDS.map((field) => [field, text]))),
});

/** What the `outputs` of a step see; the name of its target if it has one. */
export const resultScope = (result: JsonSchema, onTarget = false): ScopeTypes => ({ result, ...(onTarget && { target: text }) });

/** What triggers see: the run that ended, whose parameters and outputs only that moment knows, and of a join the ended run of each job. */
export const TRIGGER_SCOPE: ScopeTypes = (() => {
  const source = object({ id: text, number: { type: 'integer' }, job: text, status: text, parameters: {}, outputs: {}, ended_at: text });
  return { source, sources: { type: 'object', additionalProperties: source } };
})();

/** A scope as the library's checker knows it, with the schema behind each of its object types. */
export interface Declared {
  readonly env: Environment;
  /** By type name, which is the path to it: `steps.show.outputs`. */
  readonly objects: ReadonlyMap<string, JsonSchema>;
}

const declared = new WeakMap<ScopeTypes, Declared>();

/** Declares a scope's variables, once for each scope object: build one for a whole job, not one for each expression. */
export function declare(scope: ScopeTypes): Declared {
  const known = declared.get(scope);
  if (known) return known;
  const env = LANGUAGE.clone();
  const objects = new Map<string, JsonSchema>();
  for (const [name, schema] of Object.entries(scope)) env.registerVariable(name, typeOf(schema, name, env, objects));
  const made = { env, objects };
  declared.set(scope, made);
  return made;
}

const SCALARS: { readonly [type: string]: string } = { string: 'string', integer: 'int', number: 'double', boolean: 'bool' };

/** The library's name for the type of the values a schema allows; `dyn` for what only the run can tell. */
function typeOf(schema: JsonSchema, path: string, env: Environment, objects: Map<string, JsonSchema>): string {
  const type = schema.type ?? typeOfEnum(schema);
  if (typeof type !== 'string') return 'dyn';
  if (type === 'array') return `list<${typeOf(schema.items ?? {}, `${path}.items`, env, objects)}>`;
  if (type !== 'object') return SCALARS[type] ?? 'dyn';
  const { properties, additionalProperties = false } = schema;
  if (!properties || additionalProperties !== false) {
    const values =
      properties || typeof additionalProperties === 'boolean' ? 'dyn' : typeOf(additionalProperties, `${path}.values`, env, objects);
    return `map<string, ${values}>`;
  }
  const name = nameFor(path, objects);
  objects.set(name, schema);
  const fields = Object.entries(properties).map(([key, field]) => [key, typeOf(field, `${path}.${key}`, env, objects)] as const);
  registerObject(name, Object.fromEntries(fields), env);
  return name;
}

/** The library wants word characters in the names of types. */
function nameFor(path: string, objects: ReadonlyMap<string, JsonSchema>): string {
  const plain = path.replace(/[^\w.]/g, '_');
  let name = plain;
  for (let n = 2; objects.has(name); n++) name = `${plain}_${n}`;
  return name;
}

/** An object type can be compared, counted and searched like any object. */
function registerObject(name: string, fields: { readonly [key: string]: string }, env: Environment): void {
  env.registerType(name, { fields });
  const never = (): never => {
    throw new Error('declared for checking only');
  };
  const size = { name: `${OWN}size`, returnType: 'int', handler: never, async: false };
  env.registerFunction({ ...size, params: [{ name: 'value', type: name }] });
  env.registerFunction({ ...size, receiverType: name, params: [] });
  env.registerOperator(`string in ${name}: bool`, never);
  env.registerOperator(`${name} == ${name}: bool`, never);
  env.registerOperator(`${name} == map: bool`, never);
}

function typeOfEnum({ enum: values, const: value }: JsonSchema): string | undefined {
  const types = new Set((values ?? (value === undefined ? [] : [value])).map((one) => (Number.isInteger(one) ? 'integer' : typeof one)));
  const [only] = types;
  return types.size === 1 && only !== 'object' ? only : undefined;
}

/** The schema of a type the checker inferred. */
export function schemaOf(type: string, objects: ReadonlyMap<string, JsonSchema>): JsonSchema {
  const scalar = Object.entries(SCALARS).find(([, name]) => name === type);
  if (scalar) return { type: scalar[0] };
  if (type === 'timestamp' || type === 'duration') return text;
  const list = /^list(?:<(.*)>)?$/.exec(type);
  if (list) return { type: 'array', items: schemaOf(list[1] ?? 'dyn', objects) };
  const map = /^map(?:<string, (.*)>)?$/.exec(type);
  if (map) return { type: 'object', additionalProperties: schemaOf(map[1] ?? 'dyn', objects) };
  return objects.get(type) ?? {};
}
