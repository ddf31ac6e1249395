import { isAlias, isMap, isSeq, type ParsedNode } from 'yaml';
import type { JsonObject } from '#jobs/json.ts';
import { writeAnew } from './carry.ts';
import { type Change, changed } from './change.ts';
import { signsOf, within } from './comments.ts';
import { type Edit, type Fields, keptOf } from './edit.ts';
import { blockEntriesOf, entriesOf, lineStart, nextLine } from './entries.ts';
import { hung, linesOf, shifted } from './lines.ts';
import { CannotEdit, type Collection, isCollection, nodeAt, type Parsed, type Path, pairOf, throughAlias } from './parsed.ts';
import { insertPiece, type Piece, placeAmong, removeAt } from './place.ts';
import { type Setting, writeScalar } from './scalars.ts';
import { itemLines, pairLines } from './write.ts';

type Keeps = (key: string) => boolean;

/** Takes an item to a key of a map as it is written; of keys that are not kept only the comments stay. */
export function nestItem(parsed: Parsed, { path, map, key, keep, order }: Edit & { kind: 'nest' }, item: JsonObject): readonly Change[] {
  const kept = keptOf(item, keep);
  const target = nodeAt(parsed, map);
  if (isAlias(target)) throw throughAlias(target.source);
  if (!isMap(target) || pairOf(target, key)) throw new CannotEdit(`There is no place for ${key} here.`);
  const source = sourceOf(parsed, path);
  const keeps: Keeps = (one) => keep.includes(one);
  const piece: Piece = {
    lines: (column) => {
      const head = `${' '.repeat(column)}${writeScalar(key, 'block')}:`;
      const isEmpty = Object.keys(kept).length === 0;
      const begin: Begin = { block: (beside) => [head + beside], flow: (written) => `${head} ${written}` };
      return (isEmpty ? null : carriedLines(parsed, source, column, keeps, begin)) ?? pairLines(key, kept, column);
    },
    flow: (setting) => `${writeScalar(key, setting)}: ${flowOf(parsed, source, keeps, kept, setting)}`,
    alone: { [key]: kept },
  };
  const keys = entriesOf(target).map((entry) => String(entry.key));
  return [...insertPiece(parsed, map, placeAmong(keys, key, order), piece), ...removeAt(parsed, path)];
}

/** Takes the value of a key to a list as it is written, with fields before its own. */
export function freeValue(parsed: Parsed, { path, list, at, fields }: Edit & { kind: 'free' }, value: JsonObject): readonly Change[] {
  const source = sourceOf(parsed, path);
  const item = { ...fields, ...value };
  const isOther = Object.keys(fields).some((key) => Object.hasOwn(value, key));
  if (isOther) throw new CannotEdit('This cannot be changed without changing more; change it in the text.');
  const piece: Piece = {
    lines: (column) => {
      const own = Object.entries(fields).flatMap(([key, text]) => pairLines(key, text, column + 2));
      const dash = `${' '.repeat(column)}-`;
      const begin: Begin = {
        block: (beside) => (beside === '' ? [`${dash} ${own[0]?.trimStart()}`, ...own.slice(1)] : [dash + beside, ...own]),
        flow: (written) => `${dash} ${written}`,
      };
      return carriedLines(parsed, source, column, () => true, begin, fields) ?? itemLines(item, column);
    },
    flow: (setting) => flowOf(parsed, source, () => true, item, setting, fields),
    alone: [item],
  };
  return [...insertPiece(parsed, list, at, piece), ...removeAt(parsed, path)];
}

/** A map that is to be carried elsewhere, and the lines around it that go with it. */
interface Source {
  readonly node: ParsedNode | null;
  readonly isInFlow: boolean;
  readonly column: number;
  /** Its own comments above. */
  readonly above: readonly string[];
  /** Behind the dash or colon that it follows. */
  readonly mark: number;
  /** Behind the last of its lines. */
  readonly to: number;
}

function sourceOf(parsed: Parsed, path: Path): Source {
  const node = nodeAt(parsed, path);
  if (isAlias(node)) throw throughAlias(node.source);
  const parent = nodeAt(parsed, path.slice(0, -1));
  if (!isCollection(parent) || node === undefined) throw new CannotEdit('This is not there any more.');
  const key = String(path.at(-1));
  const isOwn = (one: { readonly key: string | number }) => String(one.key) === key;
  const colon = isMap(parent) ? pairOf(parent, key)?.srcToken?.sep?.find(({ type }) => type === 'map-value-ind') : undefined;
  if (parent.flow) {
    const entry = entriesOf(parent).find(isOwn);
    if (!entry) throw new CannotEdit('This is not there any more.');
    return { node, isInFlow: true, column: 0, above: [], mark: colon ? colon.offset + 1 : entry.head, to: entry.end };
  }
  const entry = blockEntriesOf(parsed, parent).find(isOwn);
  if (!entry || (isSeq(parent) && !entry.ownsLine)) throw new CannotEdit('This shares its line with its list; move it in the text.');
  const start = lineStart(parsed.text, entry.head);
  return {
    node,
    isInFlow: false,
    column: entry.column,
    above: entry.from < start ? linesOf(parsed.text.slice(entry.from, start)) : [],
    mark: (colon?.offset ?? entry.head) + 1,
    to: entry.to,
  };
}

/** How what is carried begins at its new place: before lines of its own, with what stood beside its mark, or before a piece between brackets. */
interface Begin {
  readonly block: (beside: string) => readonly string[];
  readonly flow: (written: string) => string;
}

/** The lines of what is carried, moved to a column; null where it is not written in a way that can be carried. */
function carriedLines(
  parsed: Parsed,
  source: Source,
  column: number,
  keeps: Keeps,
  begin: Begin,
  fields: Fields = {},
): readonly string[] | null {
  const { text } = parsed;
  const { node, above, mark, to, isInFlow } = source;
  if (!isMap(node) || node.items.length === 0) return null;
  const by = column - source.column;
  const own = above.map((line) => shifted(line, by));
  if (!node.flow) {
    const [first] = blockEntriesOf(parsed, node);
    const beside = first?.ownsLine ? text.slice(mark, nextLine(text, mark)).trimEnd() : '';
    return [...own, ...begin.block(beside), ...mapLines(parsed, node, mark, to, keeps)(column + 2)];
  }
  const between = text.slice(mark, node.range[0]);
  if (between.includes('\n')) return null;
  const [head = '', ...more] = hung(between.trimStart() + flowText(parsed, node, keeps, fields), column + 2);
  const end = nextLine(text, node.range[1]);
  const behind = isInFlow ? '' : text.slice(node.range[1], end).trimEnd();
  const below = isInFlow || end >= to ? [] : linesOf(text.slice(end, to)).map((line) => shifted(line, by));
  const lines = [begin.flow(head), ...more];
  return [...own, ...lines.slice(0, -1), `${lines.at(-1)}${behind}`, ...below];
}

/** The lines of a block map behind its mark; keys that are not kept leave their comments. */
function mapLines(parsed: Parsed, map: Collection, mark: number, to: number, keeps: Keeps): (column: number) => readonly string[] {
  const { text, eol } = parsed;
  const entries = blockEntriesOf(parsed, map);
  const [first] = entries;
  if (!first) return () => [];
  const pad = ' '.repeat(first.column);
  const from = first.ownsLine ? nextLine(text, mark) : first.head;
  const comments = within(signsOf(text, '#'), { from, to });
  const cuts = entries
    .filter(({ key }) => !keeps(String(key)))
    .map((entry) => ({
      from: entry.from - from,
      to: Math.min(entry.to, to) - from,
      insert: within(comments, entry)
        .map(({ source }) => pad + source + eol)
        .join(''),
    }));
  // On the line of a dash the first key has no room of its own before it.
  const room = first.ownsLine || !keeps(String(first.key)) ? '' : pad;
  const lines = linesOf(room + changed(text.slice(from, to), cuts));
  return (column) => lines.map((line) => shifted(line, column - first.column));
}

/** A map between brackets as it is written, without keys that are not kept and with fields before its own. */
function flowText({ text, isJson }: Parsed, map: Collection, keeps: Keeps, fields: Fields): string {
  const setting = isJson ? 'json' : 'flow';
  const entries = entriesOf(map);
  const [open, close] = [text.slice(map.range[0], entries[0]?.head), text.slice(entries.at(-1)?.end, map.range[1])];
  const kept = entries.flatMap((entry, at) => (keeps(String(entry.key)) ? [{ entry, at }] : []));
  const own = Object.entries(fields).map(([key, value]) => `${writeScalar(key, setting)}: ${writeScalar(value, setting)}, `);
  const pairs = kept.map(({ entry, at }, index) => {
    const next = kept[index + 1];
    const gap = next === undefined ? '' : next.at === at + 1 ? text.slice(entry.end, next.entry.head) : ', ';
    return text.slice(entry.head, entry.end) + gap;
  });
  return [open, ...own, ...pairs, close].join('');
}

/** What is carried between brackets: as it is written where it stood between some, else anew. */
function flowOf(parsed: Parsed, { node, mark }: Source, keeps: Keeps, value: JsonObject, setting: Setting, fields: Fields = {}): string {
  if (!isMap(node) || !node.flow || node.items.length === 0) return writeAnew(value, setting);
  const between = parsed.text.slice(mark, node.range[0]).trim();
  return `${between}${between === '' ? '' : ' '}${flowText(parsed, node, keeps, fields)}`;
}
