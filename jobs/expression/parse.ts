import type { Environment } from '@marcbachmann/cel-js';
import { admit } from './admit.ts';
import { OWN } from './environment.ts';
import { ExpressionError, guardSource } from './scan.ts';
import type { Node } from './tree.ts';

/** An expression that is well-formed and whose types fit the variables of its environment. */
export interface Parsed {
  readonly root: Node;
  /** The library's name of its type: `int`, `list<string>`, `dyn` … */
  readonly type: string;
  readonly run: (variables: ReadonlyMap<string, unknown>) => unknown;
}

/** A name that does not exist, with the select or the identifier that asks for it. */
export class UnknownName extends ExpressionError {
  readonly node: Node;

  constructor(message: string, node: Node) {
    super(message, node.pos);
    this.node = node;
  }
}

/** Reads and checks a source; throws `ExpressionError` with the place of the first thing wrong with it. */
export function parseExpression(source: string, env: Environment): Parsed {
  guardSource(source);
  const program = readable(source, env);
  const root = program.ast as unknown as Node;
  admit(root);
  const { valid, type, error } = program.check();
  if (!valid) throw expressionError(error, source);
  return { root, type: type ?? 'dyn', run: program as unknown as Parsed['run'] };
}

function readable(source: string, env: Environment) {
  try {
    return env.parse(source);
  } catch (error) {
    throw expressionError(error, source);
  }
}

interface LibraryError extends Error {
  readonly code?: string;
  readonly summary?: string;
  readonly range?: { readonly start: number };
  readonly node?: Node;
}

/** What the library threw, in our words, with its place. */
export function expressionError(thrown: unknown, source: string): ExpressionError {
  if (thrown instanceof ExpressionError) return thrown;
  const error = thrown as LibraryError;
  const said = error.summary ?? error.message;
  const at = Math.min(error.range?.start ?? 0, source.length);
  if (error.code === 'limit_exceeded') return new ExpressionError('it nests too deep or lists too much', at);
  const message = wording(said);
  const isUnknown = error.code === 'no_such_key' || error.code === 'unknown_variable';
  return isUnknown && error.node ? new UnknownName(message, error.node) : new ExpressionError(message, at);
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^found no matching overload for '(.*)'$/, 'no function fits $1'],
  [/^no such overload: (.*)$/, 'no operator fits $1'],
  [/^No such key: index out of bounds, index (-?\d+) .*$/, 'index out of bounds: there is no item $1'],
  [/^No such key: (.*)$/, 'there is no "$1"'],
  [/^Unknown variable: (.*)$/, 'there is no variable "$1"'],
  [/^Expression of type .* cannot be range .*$/, 'only a list or an open object can be gone through'],
  [/^Operator overload .* overlaps .*$/, 'the items of an empty list or object have no type; write dyn(…) around it'],
  [/^Expected (\w+), got EOF$/, 'it ends too early ($1 expected)'],
  [/^Unexpected token: EOF$/, 'it ends too early'],
];

function wording(said: string): string {
  const plain = said
    .replaceAll(new RegExp(`\\b${OWN}(?=\\w)`, 'g'), '')
    .replaceAll('[object Map]', 'an object')
    .replace(/^(?!No such key|Unknown variable)(.*?)'?\bundefined\b'?/, '$1an unknown type');
  const known = WORDS.find(([pattern]) => pattern.test(plain));
  if (known) return plain.replace(known[0], known[1]);
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
