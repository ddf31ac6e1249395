import { marksOf } from './path-at.ts';

/** What a word of a line of YAML is for whoever reads it. */
export type WordKind = 'key' | 'comment' | 'mark';

/** A word by its place in its line. */
export interface Word {
  readonly from: number;
  readonly to: number;
  readonly kind: WordKind;
}

const WORD = new RegExp(
  [
    /(?<comment>(?<=^|\s)#.*)/,
    /(?<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<![^\s[{,])[^\s#'"[\]{},&*!|>%@`-][^:#[\]{},]*?|(?<![^\s[{,])-[^\s:#[\]{},]+)(?=\s*:(?:\s|$))/,
    /(?<quoted>"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)/,
    /(?<mark>(?<=^\s*|-\s+)-(?=\s|$)|(?<![^\s[{,])[&*!][^\s,[\]{}]*|[[\]{},]|^---$)/,
    /(?<other>[^\s'"#[\]{},]+)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
);

const KINDS = ['key', 'comment', 'mark'] as const;

/** The keys, comments and marks of a line that is no text of several lines. */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  for (const { index, 0: text, groups = {} } of line.matchAll(WORD)) {
    const kind = KINDS.find((one) => groups[one] !== undefined);
    if (kind) words.push({ from: index, to: index + text.length, kind });
  }
  return words;
}

const indentOf = (line: string): number => line.search(/\S|$/);
const isBlank = (line: string): boolean => line.trim() === '';

/** Ends a line whose text stands on the lines below it, as they are. */
const HEADER = /[:-]\s+(?:[&!]\S+\s+)*[|>][-+\d]{0,2}\s*(?:#.*)?$/;

/** The column that lines of text below a line are deeper than; null where none follow. */
export const textBelow = (line: string): number | null => {
  if (!HEADER.test(line) || /^\s*#/.test(line)) return null;
  const marks = marksOf(line);
  const keyed = marks.findLast(({ key }) => key !== '');
  return keyed ? keyed.column : null;
};

/** Whether a line that stands below others, the nearest first, is a line of text that begins further up. */
export function isInText(line: string, above: Iterable<string>): boolean {
  let least = isBlank(line) ? Number.POSITIVE_INFINITY : indentOf(line);
  for (const one of above) {
    if (isBlank(one) || indentOf(one) >= least) continue;
    const column = textBelow(one);
    if (column !== null && column < least) return true;
    least = indentOf(one);
    if (least === 0) return false;
  }
  return false;
}

/** Whether the second line belongs to what the first one begins. */
export const isBelow = (first: string, line: string): boolean => {
  const [own, other] = [indentOf(first), indentOf(line)];
  // A list may stand at the column of its key.
  return other > own || (other === own && /^\s*-(\s|$)/.test(line) && !/^\s*-(\s|$)/.test(first));
};

/** The column at which a line begins that follows another one. */
export function columnAfter(line: string, unit: number): number {
  const marks = marksOf(line);
  const own = marks.at(-1);
  const dash = marks.findLast(({ key }) => key === null);
  const base = own && own.key !== '' ? own.column : (dash?.column ?? indentOf(line));
  const opens = textBelow(line) !== null || /[:[{]\s*(?:#.*)?$/.test(line);
  return opens ? base + unit : base;
}
