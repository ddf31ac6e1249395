import type { Json } from '#jobs/json.ts';
import { short } from '../components/visible.ts';

/** One line of a JSON tree. */
export interface TreeLine {
  /** Its place, as a JSON pointer; unique in the tree. */
  readonly path: string;
  readonly depth: number;
  /** What it is called in its parent; null for the root. */
  readonly name: string | null;
  readonly kind: 'object' | 'list' | 'text' | 'number' | 'yes_no' | 'null' | 'more';
  /** A value in a line, cut short; of an object or list how much is in it. */
  readonly says: string;
  /** The whole value of a text that `says` cuts. */
  readonly whole: string | null;
  /** Whether it opens, and is open. */
  readonly open: boolean | null;
  /** Its place among those beside it, from 1, and how many they are. */
  readonly place: number;
  readonly of: number;
}

const SHORT = 200;
/** Entries of one object or list that are drawn; what is beyond is only counted. */
const MOST_ENTRIES = 10_000;
const MOST_LINES = 50_000;

const entriesOf = (value: Json): readonly (readonly [string, Json])[] | null => {
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((one, at) => [String(at), one as Json] as const);
  if (typeof value !== 'object' || value === null) return null;
  return Object.entries(value)
    .slice(0, MOST_ENTRIES)
    .map(([name, one]) => [name, one as Json] as const);
};

const pointerOf = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

const sizeOf = (value: Json): number => (Array.isArray(value) ? value.length : Object.keys(value as object).length);

const describe = (value: Json): Pick<TreeLine, 'kind' | 'says' | 'whole'> => {
  if (value === null) return { kind: 'null', says: 'null', whole: null };
  if (Array.isArray(value)) return { kind: 'list', says: `[${sizeOf(value).toLocaleString()}]`, whole: null };
  if (typeof value === 'object') return { kind: 'object', says: `{${sizeOf(value).toLocaleString()}}`, whole: null };
  if (typeof value === 'string')
    return { kind: 'text', says: short(value), whole: value.length > SHORT || value.includes('\n') ? value : null };
  return { kind: typeof value === 'number' ? 'number' : 'yes_no', says: String(value), whole: null };
};

/** The lines of a value of which these places are open, in order; bounded, whatever the value is. */
export const treeLines = (value: Json, isOpen: (path: string, depth: number) => boolean): readonly TreeLine[] => {
  const lines: TreeLine[] = [];
  const open: {
    readonly path: string;
    readonly depth: number;
    readonly name: string | null;
    readonly value: Json;
    readonly more?: number;
    readonly place: number;
    readonly of: number;
  }[] = [{ path: '', depth: 0, name: null, value, place: 1, of: 1 }];
  for (let one = open.pop(); one !== undefined && lines.length < MOST_LINES; one = open.pop()) {
    const { path, depth, name, place, of } = one;
    if (one.more !== undefined) {
      lines.push({ path, depth, name, kind: 'more', says: one.more.toLocaleString(), whole: null, open: null, place, of });
      continue;
    }
    const entries = entriesOf(one.value);
    const opens = entries !== null && entries.length > 0 ? isOpen(path, depth) : null;
    lines.push({ path, depth, name: name === null ? null : short(name), ...describe(one.value), open: opens, place, of });
    if (!opens || entries === null) continue;
    const left = sizeOf(one.value) - entries.length;
    const beside = entries.length + (left > 0 ? 1 : 0);
    if (left > 0) open.push({ path: `${path}~…`, depth: depth + 1, name: null, value: null, more: left, place: beside, of: beside });
    for (const [index, [key, inner]] of [...entries.entries()].toReversed())
      open.push({ path: path + pointerOf(key), depth: depth + 1, name: key, value: inner, place: index + 1, of: beside });
  }
  return lines;
};
