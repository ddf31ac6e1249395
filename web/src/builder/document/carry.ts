import { type CST, isMap, isSeq } from 'yaml';
import type { Json } from '#jobs/json.ts';
import { type Change, changed } from './change.ts';
import { type BlockEntry, blockEntriesOf, entriesOf, lineStart } from './entries.ts';
import { hung, linesOf, shifted } from './lines.ts';
import { CannotEdit, isCollection, nodeAt, type Parsed, type Path } from './parsed.ts';
import { insertLines, insertPiece, type Piece, removeAt } from './place.ts';
import { type Setting, writeScalar } from './scalars.ts';
import { writeFlow } from './write.ts';

/** Takes an item as it is written, comments of its own included, to a place in a list; `at` is counted once it is gone. */
export function moveItem(parsed: Parsed, path: Path, list: Path, at: number, value: Json): readonly Change[] {
  const from = path.slice(0, -1);
  const index = Number(path.at(-1));
  const isSame = from.join('/') === list.join('/');
  if (isSame && at === index) return [];
  const place = isSame && at > index ? at + 1 : at;
  const removal = removeAt(parsed, path);
  const target = nodeAt(parsed, list);
  if (isSeq(target) && !target.flow && target.items.length > 0) {
    const entries = blockEntriesOf(parsed, target);
    const lines = itemText(parsed, path)(entries[0]?.column ?? 0);
    return [...removal, insertLines(parsed, entries, place, lines, true)];
  }
  return [...removal, ...insertPiece(parsed, list, place, carried(parsed, path, value))];
}

/** What is written of an item, as a piece to be put elsewhere. */
export const carried = (parsed: Parsed, path: Path, value: Json): Piece => {
  const node = nodeAt(parsed, path.slice(0, -1));
  const entry = isCollection(node) && node.flow ? entriesOf(node)[Number(path.at(-1))] : undefined;
  return {
    lines: itemText(parsed, path),
    flow: (setting) => (entry ? parsed.text.slice(entry.head, entry.end) : writeAnew(value, setting)),
    alone: [value],
  };
};

/** A list that holds one carried item, under a key. */
export const underKey = (key: string, { lines, flow, alone }: Piece): Piece => ({
  lines: (column) => [`${' '.repeat(column)}${writeScalar(key, 'block')}:`, ...lines(column + 2)],
  flow: (setting) => `${writeScalar(key, setting)}: [${flow(setting)}]`,
  alone: { [key]: alone },
});

/** The lines of an item, moved to a column. */
function itemText(parsed: Parsed, path: Path): (column: number) => readonly string[] {
  const node = nodeAt(parsed, path.slice(0, -1));
  if (!isSeq(node)) throw new CannotEdit('Only items of a list can be moved.');
  const index = Number(path.at(-1));
  if (node.flow) {
    const entry = entriesOf(node)[index];
    if (!entry) throw new CannotEdit('This item is not there any more.');
    const written = parsed.text.slice(entry.head, entry.end);
    return (column) => {
      const [first, ...more] = hung(written, column + 2);
      return [`${' '.repeat(column)}- ${first}`, ...more];
    };
  }
  const entry = blockEntriesOf(parsed, node)[index];
  if (!entry?.ownsLine) throw new CannotEdit('This item shares its line with its list; move it in the text.');
  const lines = linesOf(parsed.text.slice(entry.from, entry.to));
  return (column) => lines.map((line) => shifted(line, column - entry.column));
}

/** Writes a value between brackets; one with aliases has no words of its own for them. */
export function writeAnew(value: Json, setting: Setting): string {
  if (hasAlias(value)) throw new CannotEdit('This holds an alias and would have to be written anew; move it in the text.');
  return writeFlow(value, setting);
}

const hasAlias = (value: Json): boolean =>
  typeof value === 'object' && value !== null && (isAliasMark(value) || Object.values(value).some((one) => hasAlias(one as Json)));

/** What `rawValue` says for an alias. */
const isAliasMark = (value: object): boolean => '*' in value && Object.keys(value).length === 1;

/** Writes an item once more below itself, other values in some of its fields, its anchors left out. */
export function duplicateItem(parsed: Parsed, path: Path, fields: { readonly [key: string]: string }, value: Json): readonly Change[] {
  const list = path.slice(0, -1);
  const index = Number(path.at(-1));
  const node = nodeAt(parsed, list);
  const item = nodeAt(parsed, path);
  if (!isSeq(node) || !isMap(item)) throw new CannotEdit('Only items of a list that are maps can be written once more.');
  const entry = node.flow ? entriesOf(node)[index] : blockEntriesOf(parsed, node)[index];
  if (!entry || ('ownsLine' in entry && !(entry as BlockEntry).ownsLine)) throw new CannotEdit('This item shares its line with its list.');
  const from = 'to' in entry ? lineStart(parsed.text, entry.head) : entry.head;
  const to = 'to' in entry ? (entry as BlockEntry).to : entry.end;
  const inside = [...fieldChanges(parsed, item, fields), ...anchorChanges(parsed.text, item.srcToken), ...markChanges(parsed.text, entry)];
  const copy = changed(
    parsed.text.slice(from, to),
    inside.map((one) => ({ ...one, from: one.from - from, to: one.to - from })),
  );
  if (!('to' in entry)) return insertPiece(parsed, list, index + 1, { lines: () => [], flow: () => copy, alone: [value] });
  return [insertLines(parsed, blockEntriesOf(parsed, node), index + 1, linesOf(copy), true)];
}

function fieldChanges(
  parsed: Parsed,
  item: Parameters<typeof entriesOf>[0],
  fields: { readonly [key: string]: string },
): readonly Change[] {
  const known = entriesOf(item);
  return Object.entries(fields).map(([key, text]) => {
    const value = known.find((one) => one.key === key)?.value;
    if (!value) throw new CannotEdit(`The item has no ${key} to give another value to.`);
    return { from: value.range[0], to: value.range[1], insert: writeScalar(text, parsed.isJson ? 'json' : item.flow ? 'flow' : 'block') };
  });
}

/** An anchor between the dash and the item. */
const markChanges = (text: string, { head, after }: { head: number; after: number }): readonly Change[] =>
  [...text.slice(head, after).matchAll(/&\S+\s?/g)].map((found) => ({
    from: head + found.index,
    to: head + found.index + found[0].length,
    insert: '',
  }));

/** Cuts that leave out every anchor inside a token. */
function anchorChanges(text: string, token: CST.Token | undefined): readonly Change[] {
  if (!token || !('items' in token)) return [];
  return token.items.flatMap((item: CST.CollectionItem) => [
    ...[...item.start, ...(item.sep ?? [])].flatMap(({ type, offset, source }) => {
      const end = offset + source.length;
      return type === 'anchor' ? [{ from: offset, to: text[end] === ' ' ? end + 1 : end, insert: '' }] : [];
    }),
    ...anchorChanges(text, item.key ?? undefined),
    ...anchorChanges(text, item.value),
  ]);
}
