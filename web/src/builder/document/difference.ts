import { canonical } from '#jobs/canonical.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import type { Edit } from './edit.ts';
import type { Path } from './parsed.ts';

/** The least edits that make one value out of another, so that what a form leaves alone keeps its text; `order` is that of a new key among its neighbours. */
export function difference(path: Path, before: Json | undefined, after: Json | undefined, order?: readonly string[]): readonly Edit[] {
  if (after === undefined) return before === undefined ? [] : [{ kind: 'remove', path }];
  if (before !== undefined && canonical(before) === canonical(after)) return [];
  if (isObject(before) && isObject(after) && Object.keys(after).length > 0) return ofMaps(path, before, after, order);
  if (Array.isArray(before) && Array.isArray(after) && after.length > 0) return ofLists(path, before, after);
  return [{ kind: 'set', path, value: after, ...(order && { order }) }];
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function ofMaps(path: Path, before: JsonObject, after: JsonObject, order: readonly string[] | undefined): readonly Edit[] {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  const [from, to] = [gone[0], added[0]];
  if (gone.length === 1 && added.length === 1 && from !== undefined && to !== undefined && isSame(before[from], after[to])) {
    const { [from]: _, ...rest } = before;
    const { [to]: __, ...others } = after;
    return [{ kind: 'rename', path: [...path, from], name: to }, ...ofMaps(path, rest, others, order)];
  }
  return [
    ...gone.map((key): Edit => ({ kind: 'remove', path: [...path, key] })),
    ...Object.entries(after).flatMap(([key, value]) =>
      isSame(before[key], value) && Object.hasOwn(before, key)
        ? []
        : difference(
            [...path, key],
            Object.hasOwn(before, key) ? before[key] : undefined,
            value,
            Object.hasOwn(before, key) ? undefined : order,
          ),
    ),
  ];
}

const isSame = (one: Json | undefined, other: Json | undefined): boolean =>
  one !== undefined && other !== undefined && canonical(one) === canonical(other);

function ofLists(path: Path, before: readonly Json[], after: readonly Json[]): readonly Edit[] {
  const start = before.findIndex((item, at) => !isSame(item, after[at]));
  const first = start === -1 ? before.length : start;
  if (after.length === before.length)
    return moved(path, before, after, first) ?? before.flatMap((item, at) => difference([...path, at], item, after[at]));
  if (after.length === before.length + 1 && isSameList(before.slice(first), after.slice(first + 1))) {
    return [{ kind: 'insert', list: path, at: first, value: after[first] ?? null }];
  }
  if (after.length === before.length - 1 && isSameList(before.slice(first + 1), after.slice(first))) {
    return [{ kind: 'remove', path: [...path, first] }];
  }
  return [{ kind: 'set', path, value: after as Json }];
}

/** One item that has gone to another place, all others in their order. */
function moved(path: Path, before: readonly Json[], after: readonly Json[], first: number): readonly Edit[] | null {
  const last = before.findLastIndex((item, at) => !isSame(item, after[at]));
  if (first >= last) return null;
  const down = isSameList(after, before.toSpliced(first, 1).toSpliced(last, 0, before[first] ?? null));
  if (down) return [{ kind: 'move', path: [...path, first], list: path, at: last }];
  const up = isSameList(after, before.toSpliced(last, 1).toSpliced(first, 0, before[last] ?? null));
  return up ? [{ kind: 'move', path: [...path, last], list: path, at: first }] : null;
}

const isSameList = (one: readonly Json[], other: readonly Json[]): boolean => canonical(one as Json) === canonical(other as Json);
