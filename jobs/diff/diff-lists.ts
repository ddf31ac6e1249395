import type { JsonObject } from '../json.ts';
import { applyValues, diffValues, type FieldChange } from './diff-values.ts';

/** What became of the entries of a list that have a name each; places count from 0. */
export interface ListDiff {
  readonly removed: readonly { readonly id: string; readonly at: number; readonly value: JsonObject }[];
  readonly added: readonly { readonly id: string; readonly at: number; readonly value: JsonObject }[];
  /** The fewest entries that had to move for the others to keep their order. */
  readonly moved: readonly { readonly id: string; readonly from: number; readonly to: number }[];
  readonly changed: readonly { readonly id: string; readonly fields: readonly FieldChange[] }[];
}

/** The difference of two lists whose entries each have a name of their own. */
export function diffLists(before: readonly JsonObject[], after: readonly JsonObject[], idOf: (entry: JsonObject) => string): ListDiff {
  const placeBefore = new Map(before.map((value, at) => [idOf(value), at]));
  const placeAfter = new Map(after.map((value, at) => [idOf(value), at]));
  const kept = after.map(idOf).filter((id) => placeBefore.has(id));
  const still = longestRising(kept.map((id) => placeBefore.get(id) ?? 0));
  return {
    removed: before.flatMap((value, at) => (placeAfter.has(idOf(value)) ? [] : [{ id: idOf(value), at, value }])),
    added: after.flatMap((value, at) => (placeBefore.has(idOf(value)) ? [] : [{ id: idOf(value), at, value }])),
    moved: kept.flatMap((id) => {
      const from = placeBefore.get(id) ?? 0;
      return still.has(from) ? [] : [{ id, from, to: placeAfter.get(id) ?? 0 }];
    }),
    changed: kept.flatMap((id) => {
      const fields = diffValues(before[placeBefore.get(id) ?? 0], after[placeAfter.get(id) ?? 0]);
      return fields.length > 0 ? [{ id, fields }] : [];
    }),
  };
}

/** The list that the difference leads to. */
export function applyList(before: readonly JsonObject[], diff: ListDiff, idOf: (entry: JsonObject) => string): readonly JsonObject[] {
  const changes = new Map(diff.changed.map(({ id, fields }) => [id, fields]));
  const gone = new Set(diff.removed.map(({ id }) => id));
  const edited = new Map(
    before.flatMap((value) => (gone.has(idOf(value)) ? [] : [[idOf(value), applyValues(value, changes.get(idOf(value)) ?? [])] as const])),
  );
  const placed = new Map<number, JsonObject>(diff.added.map(({ at, value }) => [at, value]));
  for (const { id, to } of diff.moved) placed.set(to, edited.get(id) as JsonObject);
  const movers = new Set(diff.moved.map(({ id }) => id));
  const rest = [...edited]
    .filter(([id]) => !movers.has(id))
    .map(([, value]) => value)
    [Symbol.iterator]();
  return Array.from({ length: edited.size + diff.added.length }, (_, at) => placed.get(at) ?? (rest.next().value as JsonObject));
}

/** True when nothing differs. */
export const isUnchanged = ({ removed, added, moved, changed }: ListDiff): boolean =>
  removed.length + added.length + moved.length + changed.length === 0;

/** The values of a longest subsequence that only rises; values are different from each other. */
function longestRising(values: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const value of values) {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before.set(value, ends[low - 1]);
    ends[low] = value;
  }
  const rising = new Set<number>();
  for (let value = ends.at(-1); value !== undefined; value = before.get(value)) rising.add(value);
  return rising;
}
