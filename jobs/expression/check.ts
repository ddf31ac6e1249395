import type { JsonSchema } from '#jobs/json.ts';
import { didYouMean } from '../suggest.ts';
import { OWN } from './environment.ts';
import { compilePattern } from './functions/pattern.ts';
import { type Parsed, parseExpression, UnknownName } from './parse.ts';
import { ExpressionError, expressionsIn } from './scan.ts';
import { parseInstant, parseSpan } from './time.ts';
import { callOf, type Node, pathOf, walk } from './tree.ts';
import { type Declared, declare, type ScopeTypes, schemaOf } from './types.ts';

/** What is wrong with an expression, to be completed by the place it stands at. */
export interface ExpressionProblem {
  readonly message: string;
  readonly expected?: string;
  readonly severity: 'error' | 'warning';
  /** Characters before the fault in the checked text. */
  readonly at: number;
  /** The same, from 1, as editors count. */
  readonly line: number;
  readonly column: number;
}

/** JSON's name of the type a place needs. */
export type Expected = 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** Everything that keeps an expression (without `${{ }}`) from being saved: syntax, unknown names, types that do not fit. */
export function checkExpression(source: string, scope: ScopeTypes, expected?: Expected): readonly ExpressionProblem[] {
  return problemsOf(source, source, source.length - source.trimStart().length, scope, expected);
}

/** The same for every expression of a text; `expected` is asked of a text that is exactly one expression. */
export function checkTemplate(text: string, scope: ScopeTypes, expected?: Expected): readonly ExpressionProblem[] {
  try {
    const expressions = expressionsIn(text);
    return expressions.flatMap(({ source, at }) => problemsOf(text, source, at, scope, isOnly(text, source) ? expected : undefined));
  } catch (error) {
    return [problemOf(error, text, 0)];
  }
}

/** The schema of an expression's value, as far as it can be told; throws `ExpressionError` when it cannot be saved. */
export function expressionType(source: string, scope: ScopeTypes): JsonSchema {
  const types = declare(scope);
  const { root, type } = checked(source.trim(), types, scope);
  return schemaAt(pathOf(root) ?? [], scope) ?? schemaOf(type, types.objects);
}

/** The declared schema a plain select leads to, with its enum and all. */
function schemaAt([first, ...keys]: readonly string[], scope: ScopeTypes): JsonSchema | undefined {
  let schema: JsonSchema | undefined = Object.entries(scope).find(([name]) => name === first)?.[1];
  for (const key of keys) schema = schema?.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
  return schema;
}

/** The schema of a step's outputs, for the scopes of later steps: the declared templates over `result`, or the result itself. */
export function outputsType(outputs: { readonly [name: string]: string }, result: ScopeTypes): JsonSchema {
  if (Object.keys(outputs).length === 0) return result.result ?? {};
  const properties = Object.fromEntries(Object.entries(outputs).map(([name, text]) => [name, templateType(text, () => result)]));
  return { type: 'object', additionalProperties: false, properties };
}

/** The schema of what a text becomes once its expressions are filled in; nothing is said of one that cannot be saved. */
export function templateType(text: string, scopeOf: (sources: readonly string[]) => ScopeTypes): JsonSchema {
  try {
    const [only] = expressionsIn(text);
    return only && isOnly(text, only.source) ? expressionType(only.source, scopeOf([only.source])) : { type: 'string' };
  } catch (error) {
    if (error instanceof ExpressionError) return {};
    throw error;
  }
}

const isOnly = (text: string, source: string): boolean => text.startsWith('${{') && text.slice(3, -2).trim() === source;

function problemsOf(text: string, source: string, at: number, scope: ScopeTypes, expected?: Expected): readonly ExpressionProblem[] {
  const types = declare(scope);
  try {
    const parsed = checked(source.trim(), types, scope);
    const found = schemaOf(parsed.type, types.objects).type;
    if (expected === undefined || found === undefined || found === expected || (found === 'integer' && expected === 'number')) {
      return wholeDivisions(parsed).map((error) => ({ ...problemOf(error, text, at), severity: 'warning' }));
    }
    return [{ ...problemOf(new ExpressionError(`it gives ${found}, not ${expected}`), text, at), expected }];
  } catch (error) {
    return [problemOf(error, text, at)];
  }
}

/** What was thrown as a problem; anything but a fault of the expression is thrown on. */
function problemOf(error: unknown, text: string, before: number): ExpressionProblem {
  if (!(error instanceof ExpressionError)) throw error;
  const at = Math.min(before + error.at, text.length);
  const lines = text.slice(0, at).split('\n');
  const message = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
  return { message, severity: 'error', at, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function checked(source: string, types: Declared, scope: ScopeTypes): Parsed {
  try {
    const parsed = parseExpression(source, types.env);
    walk(parsed.root, checkLiterals);
    return parsed;
  } catch (error) {
    if (error instanceof UnknownName) throw named(error, types, scope);
    throw error;
  }
}

const READERS: { readonly [name: string]: (text: string) => unknown } = {
  [`${OWN}matches`]: compilePattern,
  [`${OWN}timestamp`]: parseInstant,
  [`${OWN}duration`]: parseSpan,
};

/** A pattern, timestamp or duration that is written out is read at once. */
function checkLiterals(node: Node): void {
  const call = callOf(node);
  const last = call?.args.at(-1);
  if (!call || last?.op !== 'value' || typeof last.args !== 'string') return;
  try {
    READERS[call.name]?.(last.args);
  } catch (error) {
    throw new ExpressionError(error instanceof Error ? error.message : String(error), last.pos);
  }
}

/** An unknown name, said in the words of the job: which names there are, and how a dash is written. */
function named(error: UnknownName, { objects }: Declared, scope: ScopeTypes): ExpressionError {
  const { node, at } = error;
  if (node.op === 'id') return unknownVariable(String(node.args), at, scope);
  const [from, key] = Array.isArray(node.args) ? (node.args as unknown as readonly [Node, string | Node]) : [];
  const type = from?.checkedType?.name;
  const schema = type === undefined ? undefined : objects.get(type);
  if (!schema || (node.op !== '.' && node.op !== '[]')) return error;
  const name = typeof key === 'string' ? key : String(key?.args);
  const known = Object.keys(schema.properties ?? {});
  const dashed = known.find((other) => other.startsWith(`${name}-`));
  if (node.op === '.' && dashed)
    return new ExpressionError(`there is no ${kindOf(type)} "${name}"`, at, `write ["${dashed}"] for a name with a dash`);
  const hint = didYouMean(name, known) || (known.length === 0 ? '' : `; there is ${known.slice(0, 10).join(', ')}`);
  return new ExpressionError(`there is no ${kindOf(type)} "${name}"${hint}`, at);
}

function kindOf(type = ''): string {
  if (type === 'parameters') return 'parameter';
  if (type === 'steps') return 'step';
  return type.endsWith('.outputs') ? 'output' : 'field';
}

function unknownVariable(name: string, at: number, scope: ScopeTypes): ExpressionError {
  const owner = (['parameters', 'steps'] as const).find((variable) => Object.hasOwn(scope[variable]?.properties ?? {}, name));
  const hint = owner ? `write ${owner}.${name}` : `expressions here see ${Object.keys(scope).join(', ')}`;
  return new ExpressionError(`there is no variable "${name}"`, at, hint);
}

/** Divisions whose result depends on whether a `number` happens to be whole at run time. */
function wholeDivisions({ root }: Parsed): readonly ExpressionError[] {
  const found: ExpressionError[] = [];
  walk(root, (node) => {
    if (node.op !== '/') return;
    const sides = node.args as readonly [Node, Node];
    if (!sides.some((side) => side.checkedType?.name === 'double') || sides.some(isSurelyDouble)) return;
    found.push(new ExpressionError('whole numbers divide without a remainder', node.pos, 'write double(…) around one of them'));
  });
  return found;
}

function isSurelyDouble(node: Node): boolean {
  if (node.op === 'value') return typeof node.args === 'number';
  if (callOf(node)?.name === `${OWN}double`) return true;
  return ['+', '-', '*', '/'].includes(node.op) && (node.args as readonly Node[]).some(isSurelyDouble);
}
