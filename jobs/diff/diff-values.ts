import { canonical } from '../canonical.ts';
import type { Json, JsonObject } from '../json.ts';
import { keysOf, pointerTo } from '../problem.ts';

/** One place at which two values differ; without `before` it is new there, without `after` it is gone. */
export interface FieldChange {
  readonly pointer: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** Where two values differ, as deep as both are alike in kind: the order of keys is no difference, a list of another length is one as a whole. */
export function diffValues(before: Json | undefined, after: Json | undefined, pointer = ''): readonly FieldChange[] {
  if (before === undefined || after === undefined) {
    return before === after ? [] : [{ pointer, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
  }
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => diffValues(own(before, name), own(after, name), pointerTo(pointer, name)));
  }
  if (isListOfObjects(before) && isListOfObjects(after) && before.length === after.length) {
    return before.flatMap((item, at) => diffValues(item, after[at], pointerTo(pointer, at)));
  }
  return canonical(before) === canonical(after) ? [] : [{ pointer, before, after }];
}

/** The value with the changes made, which must be those between it and another. */
export function applyValues(value: JsonObject, changes: readonly FieldChange[]): JsonObject {
  return changed(
    value,
    changes.map((change) => ({ keys: keysOf(change.pointer), change })),
  ) as JsonObject;
}

interface Placed {
  readonly keys: readonly string[];
  readonly change: FieldChange;
}

function changed(value: Json | undefined, placed: readonly Placed[]): Json | undefined {
  const [first] = placed;
  if (first === undefined) return value;
  if (first.keys.length === 0) return first.change.after;
  const inner = Map.groupBy(placed, ({ keys }) => keys[0] ?? '');
  const within = (key: string, at: Json | undefined) =>
    changed(
      at,
      (inner.get(key) ?? []).map(({ keys, change }) => ({ keys: keys.slice(1), change })),
    );
  if (Array.isArray(value)) return value.map((item: Json, at) => within(String(at), item) ?? null);
  const object = value !== undefined && isObject(value) ? value : {};
  const names = [...new Set([...Object.keys(object), ...inner.keys()])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const field = within(name, own(object, name));
      return field === undefined ? [] : [[name, field] as const];
    }),
  );
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfObjects = (value: Json): value is readonly JsonObject[] => Array.isArray(value) && value.some((item: Json) => isObject(item));

const own = (object: JsonObject, name: string): Json | undefined => (Object.hasOwn(object, name) ? object[name] : undefined);
