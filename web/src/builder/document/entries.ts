import { type CST, isMap, isPair, isScalar, type ParsedNode } from 'yaml';
import { CannotEdit, type Collection, isCollection, type Parsed } from './parsed.ts';

/** One item of a list or pair of a map, and where it stands in the text. */
export interface Entry {
  readonly key: string | number;
  readonly value: ParsedNode | null;
  /** Where its dash, its key or, between brackets, its first sign stands. */
  readonly head: number;
  /** Behind the mark that its value follows: dash, colon or anchor. */
  readonly after: number;
  /** Behind the last sign of its content; a block of text ends with its line break. */
  readonly end: number;
}

/** The entries of a list or map in their order. */
export function entriesOf(node: Collection): readonly Entry[] {
  const found: readonly (Omit<Entry, 'end'> | null)[] = isMap(node)
    ? node.items.map((pair) => pairEntry(pair.srcToken, pair.key, pair.value as ParsedNode | null))
    : itemTokens(node.srcToken).map((token, at) => itemEntry(token, at, (node.items[at] as ParsedNode | undefined) ?? null));
  return found.map((entry) => {
    if (entry === null) throw new CannotEdit('This is written in a way that only the text can change.');
    return { ...entry, end: endOf(entry.value, entry.after) };
  });
}

const isMark = ({ type }: CST.SourceToken): boolean =>
  type === 'seq-item-ind' || type === 'map-value-ind' || type === 'anchor' || type === 'tag';
const isBlank = ({ type }: CST.SourceToken): boolean => type === 'space' || type === 'newline' || type === 'comment' || type === 'comma';
const behind = ({ offset, source }: CST.SourceToken): number => offset + source.length;

function pairEntry(token: CST.CollectionItem | undefined, key: unknown, value: ParsedNode | null): Omit<Entry, 'end'> | null {
  if (!token || !isScalar(key) || !key.range || token.start.some(({ type }) => type === 'explicit-key-ind')) return null;
  const head = token.start.find((one) => !isBlank(one))?.offset ?? key.range[0];
  const mark = token.sep?.findLast(isMark);
  return { key: String(key.value), value, head, after: mark ? behind(mark) : key.range[1] };
}

const itemTokens = (token: CST.Token | undefined): readonly CST.CollectionItem[] => {
  const items = token && 'items' in token ? (token.items as readonly CST.CollectionItem[]) : [];
  return items.filter(({ start, value, key }) => value !== undefined || key != null || start.some((one) => !isBlank(one)));
};

function itemEntry({ start }: CST.CollectionItem, key: number, value: ParsedNode | null): Omit<Entry, 'end'> | null {
  if (value !== null && (isPair(value) || !value.range)) return null;
  const first = start.find((one) => !isBlank(one));
  const mark = start.findLast(isMark);
  const begin = value?.range[0] ?? 0;
  return { key, value, head: first?.offset ?? begin, after: mark ? behind(mark) : begin };
}

/** Whether a value is there without a sign of its own. */
export const isNothing = (node: ParsedNode | null): boolean => node === null || (isScalar(node) && node.range[0] === node.range[1]);

function endOf(value: ParsedNode | null, after: number): number {
  if (value === null || isNothing(value)) return after;
  if (isCollection(value) && !value.flow) return entriesOf(value).at(-1)?.end ?? value.range[1];
  return value.range[1];
}

/** Where the line of an offset begins. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Where the next line begins after the line of an offset. */
export const nextLine = (text: string, offset: number): number => {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
};

/** An entry of a block list or map with the lines that are its own, comments that belong to it included. */
export interface BlockEntry extends Entry {
  readonly column: number;
  /** Nothing but blanks stands before it on its line. */
  readonly ownsLine: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * The entries of a block list or map with their lines. Comments directly above an entry are its own, as are those below it that are indented
 * deeper; those above the first entry of the text are the text's.
 */
export function blockEntriesOf({ text, root }: Parsed, node: Collection): readonly BlockEntry[] {
  const blocks: BlockEntry[] = [];
  for (const entry of entriesOf(node)) {
    const start = lineStart(text, entry.head);
    const column = entry.head - start;
    const ownsLine = text.slice(start, entry.head).trim() === '';
    const before = blocks.at(-1);
    const isFirstOfText = before === undefined && node === root;
    const from = ownsLine && !isFirstOfText ? commentsAbove(text, start, before?.to ?? 0) : start;
    const closed = entry.end > entry.after && text[entry.end - 1] === '\n' ? entry.end : nextLine(text, entry.end);
    blocks.push({ ...entry, column, ownsLine, from: ownsLine ? from : entry.head, to: commentsBelow(text, closed, column) });
  }
  return blocks;
}

const isComment = (line: string): boolean => /^\s*#/.test(line);

function commentsAbove(text: string, start: number, least: number): number {
  let from = start;
  while (from > least) {
    const above = lineStart(text, from - 1);
    if (above < least || !isComment(text.slice(above, from))) break;
    from = above;
  }
  return from;
}

function commentsBelow(text: string, closed: number, column: number): number {
  let to = closed;
  for (let at = closed; at < text.length; ) {
    const next = nextLine(text, at);
    const line = text.slice(at, next);
    const isOwn = isComment(line) && line.search(/#/) > column;
    if (!isOwn && line.trim() !== '') break;
    if (isOwn) to = next;
    at = next;
  }
  return to;
}
