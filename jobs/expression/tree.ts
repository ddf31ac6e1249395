import { EXPRESSION_LIMITS } from './budget.ts';
import { ExpressionError } from './scan.ts';

/** A node of cel-js's tree with the parts its types leave out; pinned to 8.0.0 and held by the tests beside this file. */
export interface Node {
  readonly op: string;
  args: unknown;
  readonly pos: number;
  readonly start: number;
  readonly end: number;
  readonly checkedType?: { readonly name: string };
  readonly meta: { evaluate: Evaluate; readonly alternate?: Node; readonly macro?: Macro };
  handle?: (left: unknown, right: unknown, node: Node, evaluator: Evaluator) => unknown;
}

export interface Evaluator {
  run(node: Node, context: unknown): unknown;
}

export type Evaluate = (evaluator: Evaluator, node: Node, context: unknown) => unknown;

/** What a macro such as `has` does when it is checked and evaluated. */
export interface Macro {
  evaluate: Evaluate;
  typeCheck: (checker: { check(node: Node, context: unknown): unknown }, macro: Macro, context: unknown) => unknown;
}

/** A call as people write it: `name(args)` or `receiver.name(args)`. */
export interface Call {
  readonly name: string;
  readonly receiver: Node | null;
  readonly args: readonly Node[];
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'op' in value && 'meta' in value;

export function callOf(node: Node): Call | null {
  if (node.op === 'call') {
    const [name, args] = node.args as [string, Node[]];
    return { name, receiver: null, args };
  }
  if (node.op !== 'rcall') return null;
  const [name, receiver, args] = node.args as [string, Node, Node[]];
  return { name, receiver, args };
}

/** The nodes directly below one, as written. */
export function childrenOf(node: Node): readonly Node[] {
  return (Array.isArray(node.args) ? node.args.flat() : [node.args]).filter(isNode);
}

const COMPREHENSIONS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** The name a macro gives to each item, or to the value `cel.bind` holds; null for every other node. */
export function ownNameOf(node: Node): string | null {
  const call = callOf(node);
  const first = call?.args[0];
  if (!call || first?.op !== 'id') return null;
  return isComprehension(node) || isBind(node) ? String(first.args) : null;
}

export const isComprehension = (node: Node): boolean =>
  node.meta.alternate?.op === 'comprehension' && COMPREHENSIONS.has(callOf(node)?.name ?? '');

export const isBind = (node: Node): boolean => {
  const call = callOf(node);
  return call?.name === 'bind' && call.receiver?.op === 'id' && call.receiver.args === 'cel' && node.meta.macro !== undefined;
};

/** Visits every node as written, parents first, with the names macros gave around it and how many comprehensions it stands in. */
export function walk(root: Node, visit: (node: Node, names: ReadonlySet<string>, comprehensions: number) => void): void {
  const open: { node: Node; names: ReadonlySet<string>; comprehensions: number; depth: number }[] = [
    { node: root, names: new Set(), comprehensions: 0, depth: 1 },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, names, comprehensions, depth } = next;
    if (depth > EXPRESSION_LIMITS.depth) throw new ExpressionError(`it nests deeper than ${EXPRESSION_LIMITS.depth}`, node.pos);
    visit(node, names, comprehensions);
    const own = ownNameOf(node);
    const body = new Set(own === null ? [] : (callOf(node)?.args ?? []).slice(1));
    const inside = own === null ? names : new Set([...names, own]);
    for (const child of childrenOf(node)) {
      const isBody = body.has(child);
      const deeper = isBody && isComprehension(node) ? comprehensions + 1 : comprehensions;
      open.push({ node: child, names: isBody ? inside : names, comprehensions: deeper, depth: depth + 1 });
    }
  }
}

/** The path a select such as `steps["a"].outputs.n` takes from its first name, as far as its keys are written out. */
export function pathOf(node: Node): readonly string[] | null {
  if (node.op === 'id') return [String(node.args)];
  if (node.op !== '.' && node.op !== '[]') return null;
  const [from, key] = node.args as [Node, string | Node];
  const path = pathOf(from);
  const written = typeof key === 'string' ? key : key.op === 'value' && typeof key.args === 'string' ? key.args : null;
  return path === null || written === null ? null : [...path, written];
}
