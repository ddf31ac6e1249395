import type { Json, JsonObject, JsonSchema } from '#jobs/json.ts';

/** How a value is asked for; follows from its schema alone. */
export type FormKind =
  | 'fixed'
  | 'choice'
  | 'switch'
  | 'number'
  | 'line'
  | 'lines'
  | 'secret'
  | 'checks'
  | 'list'
  | 'fields'
  | 'map'
  | 'variants'
  | 'json';

/** From how many characters a text is worth several lines. */
const LONG = 200;

/** The types a schema names, without null: leaving a value out says that. */
const typesOf = ({ type }: JsonSchema): readonly string[] =>
  (type === undefined ? [] : typeof type === 'string' ? [type] : type).filter((one) => one !== 'null');

/** The schema a reference stands for; a chain of them is followed a few steps, so that a ring ends. */
export const resolvedIn = (root: JsonSchema, schema: JsonSchema): JsonSchema => {
  let found = schema;
  for (let steps = 0; found.$ref !== undefined && steps < 8; steps++) {
    const { $ref, ...said } = found;
    found = { ...(root.$defs?.[$ref.replace('#/$defs/', '')] ?? {}), ...said };
  }
  return found;
};

/** The forms a value may take, one of which is asked for; empty where there is only one, or where the parts merely say which fields go together. */
export const variantsOf = (schema: JsonSchema): readonly JsonSchema[] => {
  const parts = schema.oneOf ?? schema.anyOf;
  if (parts && schema.properties === undefined && parts.every(isWhole)) return parts;
  const types = typesOf(schema);
  return types.length > 1 ? types.map((type) => ({ ...schema, type })) : [];
};

const isWhole = (part: JsonSchema): boolean =>
  part.type !== undefined ||
  part.$ref !== undefined ||
  part.enum !== undefined ||
  part.const !== undefined ||
  part.properties !== undefined;

/** The control that suits a schema. */
export const kindOf = (schema: JsonSchema): FormKind => {
  if (schema.const !== undefined) return 'fixed';
  if (schema.enum) return 'choice';
  if (variantsOf(schema).length > 1) return 'variants';
  const [type = schema.properties ? 'object' : ''] = typesOf(schema);
  switch (type) {
    case 'boolean':
      return 'switch';
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
      return textKind(schema);
    case 'array':
      return listKind(schema);
    case 'object':
      return objectKind(schema);
    default:
      return 'json';
  }
};

const textKind = (schema: JsonSchema): FormKind => {
  if (schema.secret) return 'secret';
  return schema['x-code'] !== undefined || (schema.maxLength ?? 0) > LONG ? 'lines' : 'line';
};

const listKind = ({ items, uniqueItems }: JsonSchema): FormKind => {
  if (items === undefined || Object.keys(items).length === 0) return 'json';
  return uniqueItems && items.enum && items.enum.length <= 50 ? 'checks' : 'list';
};

const objectKind = ({ properties, additionalProperties }: JsonSchema): FormKind => {
  if (properties && Object.keys(properties).length > 0) return 'fields';
  return typeof additionalProperties === 'object' ? 'map' : 'json';
};

/** What a new entry of a list or map begins as. */
export const blankOf = (schema: JsonSchema): Json => {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  switch (kindOf(schema)) {
    case 'line':
    case 'lines':
    case 'secret':
      return '';
    case 'switch':
      return false;
    case 'list':
    case 'checks':
      return [];
    case 'fields':
    case 'map':
      return {};
    default:
      return null;
  }
};

/** True for what has fields by name. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as an object, or an empty one where it is something else. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** A value as a list, or an empty one where it is something else. */
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** Whether two values say the same; keys in their order. */
export const isSame = (a: Json | JsonSchema | undefined, b: Json | JsonSchema | undefined): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

/** Whether a value has the shape of a variant: its type, its fixed fields, the fields it cannot be without. */
const fits = (schema: JsonSchema, value: Json): boolean => {
  if (schema.const !== undefined) return isSame(schema.const, value);
  if (schema.enum) return schema.enum.some((one) => isSame(one, value));
  const types = typesOf(schema);
  const type = Array.isArray(value) ? 'array' : typeof value;
  if (types.length > 0 && !types.includes(type) && !(type === 'number' && types.includes('integer'))) return false;
  if (!isObject(value)) return schema.properties === undefined || types.length > 0;
  const required = schema.required ?? [];
  const fixed = Object.entries(schema.properties ?? {}).filter(([, part]) => part.const !== undefined || part.enum !== undefined);
  return (
    required.every((name) => Object.hasOwn(value, name)) &&
    fixed.every(([name, part]) => !Object.hasOwn(value, name) || fits(part, value[name] ?? null))
  );
};

/** Which of several forms a value has; -1 when none or when there is no value. */
export const variantAt = (variants: readonly JsonSchema[], value: Json | undefined): number =>
  value === undefined ? -1 : variants.findIndex((variant) => fits(variant, value));

/** The names of an object's fields as a form asks for them: by their `order`, then as written; what stands under a heading stands together. */
export const fieldGroups = (
  properties: Readonly<Record<string, JsonSchema>>,
): readonly { readonly heading: string | null; readonly names: readonly string[] }[] => {
  const asked = (name: string) => properties[name] as { readonly order?: number; readonly group?: string };
  const names = Object.keys(properties).toSorted((a, b) => (asked(a).order ?? 0) - (asked(b).order ?? 0));
  const groups = Map.groupBy(names, (name) => asked(name).group ?? null);
  return [...groups].map(([heading, grouped]) => ({ heading, names: grouped }));
};
