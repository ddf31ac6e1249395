import type { MatrixDefinition, StepDefinition } from '../definition.ts';
import { templateType } from '../expression/check.ts';
import { hasExpression } from '../expression/scan.ts';
import type { ScopeTypes } from '../expression/types.ts';
import type { Json, JsonObject, JsonSchema } from '../json.ts';

type ScopeOf = (sources: readonly string[]) => ScopeTypes;

/** What the expressions of a step's parts see besides the run: the types of its items or combinations, as far as they can be told. */
export function itemTypes({ foreach, matrix }: Pick<StepDefinition, 'foreach' | 'matrix'>, scopeOf: ScopeOf): ScopeTypes {
  const index: JsonSchema = { type: 'integer' };
  if (foreach !== undefined) return { item: typeOfItems(foreach, scopeOf), index };
  return matrix === undefined ? {} : { matrix: typeOfMatrix(matrix, scopeOf), index };
}

const typeOfItems = (list: string | readonly Json[], scopeOf: ScopeOf): JsonSchema =>
  typeof list === 'string' ? (templateType(list, scopeOf).items ?? {}) : typeOfAny(list);

/** Fields that only some combinations have are not told: whoever names one says what is there otherwise. */
function typeOfMatrix({ include, exclude: _, ...axes }: MatrixDefinition, scopeOf: ScopeOf): JsonSchema {
  if (include !== undefined) return { type: 'object' };
  const properties = Object.fromEntries(Object.entries(axes).map(([name, list]) => [name, typeOfItems(list, scopeOf)]));
  return { type: 'object', additionalProperties: false, properties };
}

/** The type that all of some written values share; nothing is said of those that have none in common, or are filled in later. */
function typeOfAny(values: readonly Json[]): JsonSchema {
  if (values.length === 0) return {};
  if (values.every((value) => typeof value === 'string' && !hasExpression(value))) return { type: 'string', enum: values };
  if (values.every((value) => Number.isInteger(value))) return { type: 'integer', enum: values };
  if (values.every((value) => typeof value === 'number')) return { type: 'number' };
  if (values.every((value) => typeof value === 'boolean')) return { type: 'boolean' };
  return values.every(isObject) ? typeOfObjects(values) : {};
}

function typeOfObjects(values: readonly JsonObject[]): JsonSchema {
  const names = Object.keys(values[0] ?? {});
  const isShared = values.every((value) => Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name)));
  if (!isShared) return { type: 'object' };
  const properties = Object.fromEntries(names.map((name) => [name, typeOfAny(values.map((value) => value[name] ?? null))]));
  return { type: 'object', additionalProperties: false, properties };
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
