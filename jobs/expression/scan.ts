import { EXPRESSION_LIMITS } from './budget.ts';

/** A text cut at its `${{ … }}`: what stands outside as it is, what stands inside as source with its place in the text. */
export type Part = { readonly text: string } | Expression;

export interface Expression {
  /** CEL without the brackets and the blanks around it. */
  readonly source: string;
  /** Where the source begins in the whole text, from 0. */
  readonly at: number;
}

/** An expression that cannot be read, or is refused; `at` counts characters of its source from 0. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly at: number;
  readonly hint: string | undefined;

  constructor(message: string, at = 0, hint?: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}

/** True when a text holds an expression, whether it can be read or not. */
export const hasExpression = (text: string): boolean => text.includes('${{');

/** The expressions of a text in their order; throws `ExpressionError` (counting from the text's start) on one that never ends. */
export const expressionsIn = (text: string): readonly Expression[] => partsOf(text).filter((part) => 'source' in part);

/** Cuts a text at its expressions. Brackets and quotes inside an expression do not end it: `${{ {"a": {"b": "}}"}} }}` is one. */
export function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let open = text.indexOf('${{'); open >= 0; open = text.indexOf('${{', from)) {
    if (open > from) parts.push({ text: text.slice(from, open) });
    const end = endOf(text, open + 3);
    if (end < 0) throw new ExpressionError('"${{" without its "}}"', open, 'close it; to write the signs themselves: ${{ "${{" }}');
    const inside = text.slice(open + 3, end);
    parts.push({ source: inside.trim(), at: open + 3 + inside.length - inside.trimStart().length });
    from = end + 2;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** Refuses a source that is too long or too nested to be handed to a parser that recurses. */
export function guardSource(source: string): void {
  const { source: longest, nesting } = EXPRESSION_LIMITS;
  if (source.length > longest) throw new ExpressionError(`it has ${source.length} characters; ${longest} are allowed`, longest);
  if (source === '') throw new ExpressionError('it is empty');
  let depth = 0;
  let signs = 0;
  for (const { sign, at } of signsOf(source, 0)) {
    if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign)) depth--;
    signs = sign === '-' || sign === '!' ? signs + 1 : sign.trim() === '' ? signs : 0;
    if (depth > nesting || signs > nesting) throw new ExpressionError(`it nests deeper than ${nesting}`, at);
  }
}

/** Where the `}}` stands that ends an expression, or -1. */
function endOf(text: string, from: number): number {
  let braces = 0;
  for (const { sign, at } of signsOf(text, from)) {
    if (sign === '{') braces++;
    else if (sign === '}' && braces > 0) braces--;
    else if (sign === '}' && text[at + 1] === '}') return at;
  }
  return -1;
}

/** The characters of a source outside its comments, each quoted text as one `"`. */
function* signsOf(text: string, from: number): Generator<{ readonly sign: string; readonly at: number }> {
  for (let at = from; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '"' || sign === "'") {
      at = endOfQuoted(text, at);
      yield { sign: '"', at };
    } else if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else yield { sign, at };
  }
}

/** The last quote of a quoted text, read as the parser does: a backslash always takes the next character along. */
function endOfQuoted(text: string, from: number): number {
  const single = text.charAt(from);
  const quote = text.startsWith(single.repeat(3), from) ? single.repeat(3) : single;
  let at = from + quote.length;
  while (at < text.length && !text.startsWith(quote, at)) at += text[at] === '\\' ? 2 : 1;
  return at + quote.length - 1;
}

/** Whether a text is an expression as a whole or in part, so that its value is known only when it is filled in. One that cannot be read is reported elsewhere. */
export function templateKind(text: string): 'value' | 'text' | null {
  if (!hasExpression(text)) return null;
  try {
    return partsOf(text).length === 1 ? 'value' : 'text';
  } catch {
    return 'value';
  }
}
