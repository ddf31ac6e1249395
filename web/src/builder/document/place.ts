import { isMap } from 'yaml';
import type { Json } from '#jobs/json.ts';
import type { Change } from './change.ts';
import { type BlockEntry, blockEntriesOf, type Entry, entriesOf, lineStart } from './entries.ts';
import { type Collection, isCollection, nodeAt, type Parsed, type Path } from './parsed.ts';
import { replaceValue } from './replace.ts';
import type { Setting } from './scalars.ts';
import { itemLines, pairLines, writeFlow } from './write.ts';

/** What is put into a list or map: how it is written on lines of its own from a column on, and how between brackets. */
export interface Piece {
  readonly lines: (column: number) => readonly string[];
  readonly flow: (setting: Setting) => string;
  /** By itself, for a list or map that is to be made for it. */
  readonly alone: Json;
}

/** A new item, or a new pair when it has a key. */
export const pieceOf = (key: string | null, value: Json): Piece => ({
  lines: (column) => (key === null ? itemLines(value, column) : pairLines(key, value, column)),
  flow: (setting) => (key === null ? writeFlow(value, setting) : writeFlow({ [key]: value }, setting).replace(/^\{ | \}$/g, '')),
  alone: key === null ? [value] : { [key]: value },
});

/** Puts a piece into a list or map at an index among its entries. */
export function insertPiece(parsed: Parsed, path: Path, index: number, piece: Piece): readonly Change[] {
  const node = nodeAt(parsed, path);
  if (!isCollection(node) || node.items.length === 0) return startCollection(parsed, path, node, piece);
  if (node.flow) return insertInFlow(parsed, node, index, piece);
  const entries = blockEntriesOf(parsed, node);
  return [insertLines(parsed, entries, index, piece.lines(entries[0]?.column ?? 0), Array.isArray(piece.alone))];
}

function startCollection(parsed: Parsed, path: Path, node: ReturnType<typeof nodeAt>, piece: Piece): readonly Change[] {
  const parent = path.length === 0 ? null : nodeAt(parsed, path.slice(0, -1));
  const isBlock = isCollection(parent) && !parent.flow && !parsed.isJson;
  if (!isBlock || node === undefined) return replaceValue(parsed, path, piece.alone);
  return replaceValue(parsed, path, piece.alone, (column) => ({ inline: '', lines: piece.lines(column + 2) }));
}

/** Puts whole lines before the entry at an index, or behind the last one. */
export function insertLines(
  { text, eol }: Parsed,
  entries: readonly BlockEntry[],
  index: number,
  lines: readonly string[],
  keepsGaps: boolean,
): Change {
  const before = entries[index - 1];
  const after = entries[index];
  const whole = lines.join(eol);
  const gap = keepsGaps ? gapAround(text, entries, index) : '';
  if (after && !after.ownsLine) {
    return at(after.head, `${whole.slice(after.column)}${eol}${' '.repeat(after.column)}`);
  }
  if (after && (keepsGaps || !before)) return at(after.from, `${whole}${eol}${gap}`);
  const place = before?.to ?? 0;
  const needsBreak = place > 0 && text[place - 1] !== '\n';
  return at(place, needsBreak ? `${eol}${gap}${whole}` : `${gap}${whole}${eol}`);
}

const at = (place: number, insert: string): Change => ({ from: place, to: place, insert });

/** The blank lines between neighbours of a new entry. */
function gapAround(text: string, entries: readonly BlockEntry[], index: number): string {
  const after = Math.min(Math.max(index, 1), entries.length - 1);
  const [one, two] = [entries[after - 1], entries[after]];
  return one && two && two.from > one.to && two.ownsLine && isBlank(text, one.to, two.from) ? text.slice(one.to, two.from) : '';
}

/** Comments that stand by themselves between two entries belong to neither, and stay. */
const isBlank = (text: string, from: number, to: number): boolean => text.slice(from, to).trim() === '';

function insertInFlow({ text, eol, isJson }: Parsed, node: Collection, index: number, piece: Piece): readonly Change[] {
  const entries = entriesOf(node);
  const first = entries[0] as Entry;
  const indent = text.slice(lineStart(text, first.head), first.head);
  const separator = indent.trim() === '' && lineStart(text, first.head) > node.range[0] ? `,${eol}${indent}` : ', ';
  const written = piece.flow(isJson ? 'json' : 'flow');
  const next = entries[index];
  return [next ? at(next.head, written + separator) : at((entries.at(-1) as Entry).end, separator + written)];
}

/** Where a new key stands among those there are: behind the last neighbour that comes before it by an order. */
export function placeAmong(keys: readonly string[], key: string, order: readonly string[] | undefined): number {
  const own = order?.indexOf(key) ?? -1;
  if (!order || own === -1) return keys.length;
  return keys.findLastIndex((one) => order.includes(one) && order.indexOf(one) < own) + 1;
}

/** Takes the entry at a path away with its lines. */
export function removeAt(parsed: Parsed, path: Path): readonly Change[] {
  const parentPath = path.slice(0, -1);
  const node = nodeAt(parsed, parentPath);
  if (!isCollection(node)) return [];
  const key = path.at(-1);
  const index = entriesOf(node).findIndex((entry) => String(entry.key) === String(key));
  if (index === -1) return [];
  if (node.flow) return [removeFromFlow(parsed.text, node, index)];
  if (node.items.length === 1) return emptied(parsed, parentPath, node);
  return [removeLines(parsed.text, blockEntriesOf(parsed, node), index)];
}

/** The last entry goes; what stands by itself around it stays. */
function emptied(parsed: Parsed, path: Path, node: Collection): readonly Change[] {
  const [only] = blockEntriesOf(parsed, node);
  const parent = nodeAt(parsed, path.slice(0, -1));
  const none = isMap(node) ? {} : [];
  const outer = isCollection(parent) && !parent.flow ? entriesOf(parent).find(({ key }) => String(key) === String(path.at(-1))) : undefined;
  if (!only?.ownsLine || path.length === 0 || !outer) return replaceValue(parsed, path, none);
  return [{ from: outer.after, to: outer.after, insert: isMap(node) ? ' {}' : ' []' }, cut(only.from, only.to)];
}

function removeLines(text: string, entries: readonly BlockEntry[], index: number): Change {
  const entry = entries[index] as BlockEntry;
  const [before, next] = [entries[index - 1], entries[index + 1]];
  if (entry.ownsLine) {
    if (next) return cut(entry.from, isBlank(text, entry.to, next.from) ? next.from : entry.to);
    return cut(before && isBlank(text, before.to, entry.from) ? before.to : entry.from, entry.to);
  }
  if (next && lineStart(text, next.head) === next.from) return cut(entry.head, next.head);
  const dash = text.slice(0, entry.head).trimEnd().length;
  return cut(dash, entry.to - (/\r?\n$/.exec(text.slice(0, entry.to))?.[0].length ?? 0));
}

const cut = (from: number, to: number): Change => ({ from, to, insert: '' });

function removeFromFlow(text: string, node: Collection, index: number): Change {
  const entries = entriesOf(node);
  const [before, entry, next] = [entries[index - 1], entries[index] as Entry, entries[index + 1]];
  if (next && !text.slice(entry.end, next.head).includes('#')) return cut(entry.head, next.head);
  if (next) return cut(entry.head, text.indexOf(',', entry.end) + 1);
  const isNoted = [text.slice(before?.end ?? node.range[0], entry.head), text.slice(entry.end, node.range[1])].some((gap) =>
    gap.includes('#'),
  );
  // A comma may stay before the end.
  if (isNoted) return cut(entry.head, entry.end + (/^\s*,/.exec(text.slice(entry.end))?.[0].length ?? 0));
  return before ? cut(before.end, entry.end) : cut(node.range[0] + 1, node.range[1] - 1);
}
