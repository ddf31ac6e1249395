import { Lexer } from 'yaml';
import type { Change } from './change.ts';
import { changed } from './change.ts';
import { blockEntriesOf } from './entries.ts';
import { isCollection, nodeAt, type Parsed, type Path } from './parsed.ts';
import type { Range } from './range.ts';

/** A comment or an anchor, and where it stands. */
export interface Sign {
  readonly at: number;
  readonly source: string;
}

/** What the lexer says of itself rather than of the text. */
const [DOCUMENT, FLOW_END, SCALAR] = ['\u0002', '\u0018', '\u001f'];

/** Every comment (`#`) or anchor (`&`) of a text in its order. */
export function signsOf(text: string, kind: '#' | '&'): readonly Sign[] {
  const found: Sign[] = [];
  let at = 0;
  let isScalar = false;
  for (const source of new Lexer().lex(text)) {
    if (source === DOCUMENT || source === FLOW_END) continue;
    if (source === SCALAR && !isScalar) {
      isScalar = true;
      continue;
    }
    if (!isScalar && source.startsWith(kind)) found.push({ at, source: source.trimEnd() });
    isScalar = false;
    at += source.length;
  }
  return found;
}

/** The signs that are fewer in another text, as often as they are fewer. */
export function lostIn(after: string, before: readonly Sign[], kind: '#' | '&'): readonly Sign[] {
  const left = Map.groupBy(signsOf(after, kind), ({ source }) => source);
  return before.filter(({ source }) => left.get(source)?.pop() === undefined);
}

/** The signs inside a range. */
export const within = (signs: readonly Sign[], { from, to }: Range): readonly Sign[] => signs.filter(({ at }) => from <= at && at < to);

/** Changes that carry something to a place, and the comments with it that its new lines have no room for: these stand above that place. */
export function keepingComments(parsed: Parsed, changes: readonly Change[], place: Path): readonly Change[] {
  if (parsed.isJson) return changes;
  const lost = lostIn(changed(parsed.text, changes), signsOf(parsed.text, '#'), '#');
  if (lost.length === 0) return changes;
  const { at, column } = lineAbove(parsed, place);
  const insert = lost.map(({ source }) => ' '.repeat(column) + source + parsed.eol).join('');
  return [...changes, { from: at, to: at, insert }];
}

/** Where whole lines may stand above the innermost entry on the way to a place that begins a line. */
function lineAbove(parsed: Parsed, place: Path): { readonly at: number; readonly column: number } {
  for (let depth = place.length; depth > 0; depth--) {
    const parent = nodeAt(parsed, place.slice(0, depth - 1));
    if (!isCollection(parent) || parent.flow) continue;
    const entry = blockEntriesOf(parsed, parent).find(({ key }) => String(key) === String(place[depth - 1]));
    if (entry?.ownsLine) return { at: entry.from, column: entry.column };
  }
  return { at: 0, column: 0 };
}
