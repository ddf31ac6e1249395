import { CST, LineCounter, Parser } from 'yaml';
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
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    tokens.push(token);
    if (token.type === 'directive') refuse('directives (%) are not allowed here; the text is YAML 1.2', token);
    if (token.type === 'error') refuse(sentence(token.message), token);
    if (token.type === 'document') refusals.push(...documentRefusals(token));
    if (refusals.length >= LIMITS.problems) break;
  }
  return { tokens, lines, refusals };

  function refuse(says: string, { offset }: { readonly offset: number }): void {
    refusals.push({ offset, pointer: '', says });
  }
}

/** A message of the parser without the copy of the text it quotes. */
export const sentence = (message: string): string => {
  const first = message.split('\n')[0]?.slice(0, 160) ?? '';
  return first.charAt(0).toLowerCase() + first.slice(1);
};

interface Open {
  readonly token: CST.Token;
  readonly pointer: string;
  readonly depth: number;
}

function documentRefusals(document: CST.Document): readonly Refusal[] {
  const refusals: Refusal[] = strayTokens(document.start) ? [{ offset: document.offset, pointer: '', says: STRAY }] : [];
  const open: Open[] = document.value ? [{ token: document.value, pointer: '', depth: 1 }] : [];
  for (let next = open.pop(); next && refusals.length < LIMITS.problems; next = open.pop()) {
    if (!CST.isCollection(next.token)) continue;
    const says = sizeRefusal(next.token, next.depth);
    if (says) refusals.push({ offset: next.token.offset, pointer: next.pointer, says });
    else enter(next.token, next, open, refusals);
  }
  return refusals;
}

type Collection = CST.BlockMap | CST.BlockSequence | CST.FlowCollection;

function sizeRefusal({ items }: Collection, depth: number): string | null {
  if (depth > LIMITS.nesting) return `is nested more than ${LIMITS.nesting} levels deep`;
  return items.length > LIMITS.items + 1 ? `has ${items.length} entries; at most ${LIMITS.items} allowed` : null;
}

function enter(token: Collection, { pointer, depth }: Open, open: Open[], refusals: Refusal[]): void {
  const items: readonly CST.CollectionItem[] = token.items;
  for (const [at, item] of items.entries()) {
    const inside = pointerTo(pointer, keyText(item) ?? at);
    if (strayTokens(item.start) || strayTokens(item.sep ?? [])) refusals.push({ offset: token.offset, pointer: inside, says: STRAY });
    if (item.key) open.push({ token: item.key, pointer: inside, depth: depth + 1 });
    if (item.value) open.push({ token: item.value, pointer: inside, depth: depth + 1 });
  }
}

const STRAY = 'has too many anchors or tags in one place';

const keyText = ({ key }: CST.CollectionItem): string | undefined => (key && 'source' in key ? key.source.slice(0, 200) : undefined);

/** Between two values stand a few marks, an anchor and a tag at most; thousands of them cost an error object each. */
const strayTokens = (between: readonly CST.SourceToken[]): boolean =>
  between.length > 10 && between.filter(({ type }) => type !== 'space' && type !== 'newline' && type !== 'comment').length > 10;
