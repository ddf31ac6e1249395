import { CST, Lexer, LineCounter, Parser } from 'yaml';
import { LIMITS } from './limits.ts';
import { pointerTo } from './problem.ts';

/** A refusal at a place in the text, before anything was built from it. */
export interface Refusal {
  readonly offset: number;
  readonly pointer: string;
  readonly says: string;
}

/** The tokens of a YAML text, or why it is not worth composing: too deep, too many, or full of errors. Linear in the text, no recursion. */
export function tokensOf(text: string): {
  readonly tokens: readonly CST.Token[];
  readonly lines: LineCounter;
  readonly refusals: readonly Refusal[];
} {
  const lines = new LineCounter();
  const tokens: CST.Token[] = [];
  const refusals: Refusal[] = [];
  for (const token of boundedTokens(text, lines, refusals)) {
    tokens.push(token);
    if (token.type === 'directive') refusals.push(at(token.offset, 'directives (%) are not allowed here; the text is YAML 1.2'));
    if (token.type === 'error') refusals.push(at(token.offset, sentence(token.message)));
    if (refusals.length >= LIMITS.problems) break;
  }
  return { tokens, lines, refusals };
}

const at = (offset: number, says: string): Refusal => ({ offset, pointer: '', says });

/** A message of the parser without the copy of the text it quotes. */
export const sentence = (message: string): string => {
  const first = message.split('\n')[0]?.slice(0, 160) ?? '';
  return first.charAt(0).toLowerCase() + first.slice(1);
};

/** Feeds the parser sign by sign and stops it at the first collection that grows out of bounds, before its memory is spent. */
function* boundedTokens(text: string, lines: LineCounter, refusals: Refusal[]): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const sign of new Lexer().lex(text)) {
    yield* parser.next(sign);
    const says = excessOf(parser.stack);
    if (says === null) continue;
    const open = parser.stack.filter(CST.isCollection);
    refusals.push({ offset: parser.stack.at(-1)?.offset ?? 0, pointer: pointerOf(open.slice(0, -1)), says });
    return;
  }
  yield* parser.end();
}

/** What the innermost open token has too much of. */
function excessOf(stack: readonly CST.Token[]): string | null {
  const top = stack.at(-1);
  if (top === undefined) return null;
  if (stack.length > LIMITS.nesting && stack.filter(CST.isCollection).length > LIMITS.nesting)
    return `is nested more than ${LIMITS.nesting} levels deep`;
  if (top.type === 'document') return top.start.length + (top.end?.length ?? 0) > MOST_MARKS ? CROWDED : null;
  if (!CST.isCollection(top)) return 'end' in top && (top.end?.length ?? 0) > MOST_MARKS ? CROWDED : null;
  if (top.items.length > LIMITS.items + 1) return `has more than ${LIMITS.items} entries`;
  const last: CST.CollectionItem | undefined = top.items.at(-1);
  return (last?.start.length ?? 0) + (last?.sep?.length ?? 0) > MOST_MARKS ? CROWDED : null;
}

/** Marks, blanks and comments between two values; each stray one would cost an error object. */
const MOST_MARKS = 5000;
const CROWDED = `has more than ${MOST_MARKS} marks, blanks and comments in one place`;

/** The pointer of what stands in the last entry of each of these. */
function pointerOf(open: readonly (CST.BlockMap | CST.BlockSequence | CST.FlowCollection)[]): string {
  return open.reduce((pointer, { items }) => {
    const last: CST.CollectionItem | undefined = items.at(-1);
    return pointerTo(pointer, last?.key && 'source' in last.key ? last.key.source.slice(0, 200) : Math.max(0, items.length - 1));
  }, '');
}
