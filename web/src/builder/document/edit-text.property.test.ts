import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '#jobs/canonical.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { readSource } from '#jobs/source.ts';
import { applied, type Edit } from './edit.ts';
import { editText } from './edit-text.ts';
import { CannotEdit, type Parsed, type Path, parseText } from './parsed.ts';
import { rangeOf } from './range.ts';
import { type Draw, drawFrom, root, value, yamlOf } from './testing/written-yaml.ts';

const pathsOf = (value: Json, path: Path = []): readonly Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one as Json, [...path, Array.isArray(value) ? Number(key) : key]))];

const at = (value: Json, path: Path): Json => path.reduce<Json>((found, key) => (found as JsonObject)[key] as Json, value);

/** An edit of something that is there. */
function editOf(value: JsonObject, draw: Draw, given: Json): Edit | null {
  const paths = pathsOf(value);
  const path = paths[draw(paths.length)] ?? [];
  const there = at(value, path);
  const isItem = typeof path.at(-1) === 'number';
  const parent = path.slice(0, -1);
  const length = isItem ? (at(value, parent) as readonly Json[]).length : 0;
  switch (draw(6)) {
    case 0:
      return path.length === 0 ? null : { kind: 'set', path, value: given };
    case 1:
      return typeof there === 'object' && there !== null && !Array.isArray(there)
        ? { kind: 'set', path: [...path, 'new'], value: given }
        : null;
    case 2:
      return path.length < 1 || (path.length === 1 && Object.keys(value).length === 1) ? null : { kind: 'remove', path };
    case 3:
      return Array.isArray(there) ? { kind: 'insert', list: path, at: draw(there.length + 1), value: given } : null;
    case 4:
      return isItem ? { kind: 'move', path, list: parent, at: draw(length) } : null;
    default:
      return isItem && typeof there === 'object' && there !== null && 'id' in there
        ? { kind: 'duplicate', path, fields: { id: 'copy' } }
        : null;
  }
}

/** Every entry that stands beside the way to a place, with the path it has once the edit is made. */
function besides(value: JsonObject, edit: Edit): readonly { readonly before: Path; readonly after: Path }[] {
  // An item that moves past its equals may as well stay.
  if (edit.kind === 'move' && JSON.stringify(applied(value, edit)) === JSON.stringify(value)) return [];
  const way = edit.kind === 'insert' ? [...edit.list, edit.at] : edit.path;
  return way.flatMap((_, depth) => {
    const parent = way.slice(0, depth);
    const around = at(value, parent);
    if (typeof around !== 'object' || around === null) return [];
    return Object.keys(around).flatMap((key) => {
      const own = Array.isArray(around) ? Number(key) : key;
      const isLast = depth === way.length - 1;
      if (own === way[depth] && !(isLast && (edit.kind === 'insert' || edit.kind === 'duplicate'))) return [];
      const then = isLast && typeof own === 'number' ? shifted(edit, own) : own;
      return [{ before: [...parent, own], after: [...parent, then] }];
    });
  });
}

/** The index that another item of the edited list has afterwards. */
function shifted(edit: Edit, index: number): number {
  const from = edit.kind === 'insert' ? edit.at : Number(edit.path.at(-1));
  switch (edit.kind) {
    case 'insert':
      return index >= from ? index + 1 : index;
    case 'duplicate':
      return index > from ? index + 1 : index;
    case 'remove':
      return index > from ? index - 1 : index;
    case 'move': {
      const without = index > from ? index - 1 : index;
      return without >= edit.at ? without + 1 : without;
    }
    default:
      return index;
  }
}

const bytesAt = (parsed: Parsed, path: Path): string => {
  const range = rangeOf(parsed, path);
  return range ? parsed.text.slice(range.from, range.to).trimEnd() : '';
};

test('whatever is edited however it is written, the text then says that, and comments and lines elsewhere stay as they were', () => {
  let made = 0;
  let refused = 0;
  fc.assert(
    fc.property(root, value, fc.infiniteStream(fc.nat(9999)), fc.boolean(), (before, given, chances, crlf) => {
      const draw = drawFrom(chances);
      const text = yamlOf(before, draw, crlf);
      const edit = editOf(before, draw, given);
      if (edit === null) return;
      let after: string;
      try {
        after = editText(text, edit).text;
      } catch (error) {
        if (!(error instanceof CannotEdit)) throw error;
        refused += 1;
        return;
      }
      made += 1;
      expect(canonical(readSource(after).value)).toBe(canonical(applied(before, edit)));
      // In the same order too: what a form shows until the text has been read is what it shows afterwards.
      expect(JSON.stringify(readSource(after).value)).toBe(JSON.stringify(applied(before, edit)));
      // What stands beside it has the bytes it had: comments within, anchors, quotes, spaces, line ends.
      const [old, now] = [parseText(text), parseText(after)];
      for (const place of besides(before, edit)) expect(bytesAt(now, place.after)).toBe(bytesAt(old, place.before));
      // All comments stay that are not those of what is gone.
      const gone = edit.kind === 'set' || edit.kind === 'remove';
      if (!gone) for (const [note] of text.matchAll(/# note \d+;/g)) expect(after).toContain(note);
      if (crlf) expect(after.replaceAll('\r\n', '')).not.toMatch(/\n/);
    }),
    { numRuns: 600 },
  );
  expect(refused).toBeLessThan(made / 50);
});
