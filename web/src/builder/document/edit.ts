import type { Json, JsonObject } from '#jobs/json.ts';
import type { Path } from './parsed.ts';

/** A change that forms, drags and menus ask for, by paths into what the text says. */
export type Edit =
  /** Gives a value to a place, which is made with all that leads to it when it is not there; `order` says where a new key stands among its neighbours. */
  | { readonly kind: 'set'; readonly path: Path; readonly value: Json; readonly order?: readonly string[] }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'rename'; readonly path: Path; readonly name: string }
  /** Puts an item into a list, which is made when it is not there. */
  | { readonly kind: 'insert'; readonly list: Path; readonly at: number; readonly value: Json; readonly order?: readonly string[] }
  /** Takes an item as it is written to another place, `at` counted once it is gone from its own. */
  | { readonly kind: 'move'; readonly path: Path; readonly list: Path; readonly at: number; readonly order?: readonly string[] }
  /** Takes an item as it is written to a key of another item's map, leaving out what is not in `keep`; all paths as they are before. */
  | {
      readonly kind: 'nest';
      readonly path: Path;
      readonly map: Path;
      readonly key: string;
      readonly keep: readonly string[];
      readonly order?: readonly string[];
    }
  /** Takes the value of a key as it is written to a list, where it is an item with these fields before its own. */
  | { readonly kind: 'free'; readonly path: Path; readonly list: Path; readonly at: number; readonly fields: Fields }
  /** Writes an item once more below itself, with other values for some of its fields and without its anchors. */
  | { readonly kind: 'duplicate'; readonly path: Path; readonly fields: Fields };

/** Plain fields that an edit gives an item. */
export type Fields = { readonly [key: string]: string };

/** What an edit makes of a value: the meaning that its change of the text is held against. */
export function applied(value: Json, edit: Edit): Json {
  switch (edit.kind) {
    case 'set':
      return replaced(value, edit.path, () => edit.value);
    case 'remove':
      return without(value, edit.path);
    case 'rename':
      return replaced(value, edit.path.slice(0, -1), (map) => renamed(map as JsonObject, String(edit.path.at(-1)), edit.name));
    case 'insert':
      return replaced(value, edit.list, (list) => listOf(list).toSpliced(edit.at, 0, edit.value));
    case 'move': {
      const item = at(value, edit.path) ?? null;
      return replaced(without(value, edit.path), edit.list, (list) => listOf(list).toSpliced(edit.at, 0, item));
    }
    case 'nest': {
      const kept = keptOf(mapOf(at(value, edit.path)), edit.keep);
      return without(
        replaced(value, [...edit.map, edit.key], () => kept),
        edit.path,
      );
    }
    case 'free': {
      const item = { ...edit.fields, ...mapOf(at(value, edit.path)) };
      return replaced(without(value, edit.path), edit.list, (list) => listOf(list).toSpliced(edit.at, 0, item));
    }
    case 'duplicate': {
      const index = Number(edit.path.at(-1));
      const copy = { ...(at(value, edit.path) as JsonObject), ...edit.fields };
      return replaced(value, edit.path.slice(0, -1), (list) => listOf(list).toSpliced(index + 1, 0, copy));
    }
  }
}

/** The value at a path; undefined where there is none. */
export const at = (value: Json, path: Path): Json | undefined =>
  path.reduce<Json | undefined>(
    (found, key) =>
      typeof found !== 'object' || found === null
        ? undefined
        : Array.isArray(found)
          ? (found[Number(key)] as Json | undefined)
          : Object.hasOwn(found, key)
            ? (found as JsonObject)[key]
            : undefined,
    value,
  );

/** A map with the keys that are kept only. */
export const keptOf = (map: JsonObject, keep: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(map).filter(([key]) => keep.includes(key)));

/** A value as a map; an empty one where it is something else. */
export const mapOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const renamed = (map: JsonObject, from: string, to: string): Json =>
  Object.fromEntries(Object.entries(map).map(([key, one]) => [key === from ? to : key, one]));

function replaced(value: Json | undefined, [key, ...rest]: Path, change: (old: Json | undefined) => Json): Json {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.toSpliced(Number(key), 1, replaced(value[Number(key)], rest, change));
  if (typeof key === 'number') return [replaced(undefined, rest, change)];
  const map = typeof value === 'object' && value !== null ? (value as JsonObject) : {};
  // A key that is there keeps its place: forms show entries in their order.
  if (!Object.hasOwn(map, key)) return { ...map, [key]: replaced(undefined, rest, change) };
  return Object.fromEntries(Object.entries(map).map(([one, old]) => [one, one === key ? replaced(old as Json, rest, change) : old]));
}

function without(value: Json, path: Path): Json {
  const key = path.at(-1);
  return replaced(value, path.slice(0, -1), (parent) =>
    Array.isArray(parent)
      ? parent.toSpliced(Number(key), 1)
      : Object.fromEntries(Object.entries((parent ?? {}) as JsonObject).filter(([one]) => one !== String(key))),
  );
}
