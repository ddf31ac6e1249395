import type { JobDefinition } from '../definition.ts';
import type { Json, JsonObject } from '../json.ts';
import { applyList, diffLists, isUnchanged, type ListDiff } from './diff-lists.ts';
import { applyValues, diffValues, type FieldChange } from './diff-values.ts';

/** Lists of a definition whose entries are known by their ids. */
const LISTS = ['steps', 'on_failure', 'on_cancel'] as const;

/** How one definition became another. */
export interface DefinitionDiff {
  /** Everything beside steps and handlers, by place. */
  readonly fields: readonly FieldChange[];
  readonly steps?: ListDiff;
  readonly on_failure?: ListDiff;
  readonly on_cancel?: ListDiff;
}

/** The difference of two definitions, exact: `applyDiff(diffDefinitions(a, b), a)` says what `b` says. It may hold defaults of secret parameters, which `maskedDiff` covers. */
export function diffDefinitions(before: JobDefinition, after: JobDefinition): DefinitionDiff {
  const [a, b] = [before as unknown as JsonObject, after as unknown as JsonObject];
  const named = LISTS.filter((list) => hasNames(a[list]) && hasNames(b[list]));
  const lists = named.flatMap((list) => {
    const diff = diffLists(a[list] as readonly JsonObject[], b[list] as readonly JsonObject[], idOf);
    return isUnchanged(diff) ? [] : [[list, diff] as const];
  });
  return { fields: diffValues(without(a, named), without(b, named)), ...Object.fromEntries(lists) };
}

/** The definition that a difference leads to from the one it was found in. */
export function applyDiff(diff: DefinitionDiff, before: JobDefinition): JobDefinition {
  const a = before as unknown as JsonObject;
  const lists = LISTS.flatMap((list) => {
    const change = diff[list];
    return change ? [[list, applyList(a[list] as readonly JsonObject[], change, idOf) as Json] as const] : [];
  });
  return { ...applyValues(a, diff.fields), ...Object.fromEntries(lists) } as unknown as JobDefinition;
}

/** A handler without an id has that of its type. */
const idOf = (entry: JsonObject): string => String(entry.id ?? entry.type);

const hasNames = (value: Json | undefined): boolean =>
  Array.isArray(value) && new Set(value.map((entry) => idOf(entry as JsonObject))).size === value.length;

const without = (definition: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(definition).filter(([name]) => !names.includes(name)));
