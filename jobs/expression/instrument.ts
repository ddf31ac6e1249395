import { BudgetSpent, meter } from './budget.ts';
import { ExpressionError } from './scan.ts';
import type { Evaluate, Node } from './tree.ts';

/** Lays the meter over every node of a checked tree, macros' bodies included: nothing is evaluated uncounted. Once per tree. */
export function instrument(root: Node): void {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (Array.isArray(next)) open.push(...next);
    else if ('meta' in next) open.push(...instrumentNode(next as Node));
    else if ('iterable' in next && 'init' in next && 'step' in next) open.push(next.iterable, next.init, next.step);
  }
}

/** Wraps one node; answers what hangs below it. */
function instrumentNode(node: Node): readonly unknown[] {
  const { alternate, macro } = node.meta;
  if (alternate) return [alternate];
  if (node.op === 'map') node.meta.evaluate = evaluateMap;
  const holder = macro ?? node.meta;
  holder.evaluate = counted(holder.evaluate, node);
  if (COMPARED.has(node.op) && node.handle) {
    const compare = node.handle;
    node.handle = (left, right, own, evaluator) => {
      if (typeof left === 'object') meter.weigh(left);
      if (typeof left === 'object' || node.op === 'in') meter.weigh(right);
      return compare(left, right, own, evaluator);
    };
  }
  return [node.args];
}

const COMPARED = new Set(['==', '!=', 'in']);

function counted(evaluate: Evaluate, place: Node): Evaluate {
  return (evaluator, node, context) => {
    try {
      meter.spend(1);
      const value = evaluate(evaluator, node, context);
      meter.hold(value);
      return value;
    } catch (error) {
      if (error instanceof BudgetSpent || error instanceof ExpressionError || (error instanceof Error && 'range' in error)) throw error;
      throw new ExpressionError(error instanceof Error ? error.message : String(error), place.pos);
    }
  };
}

/** Objects are built as maps, since the library's own drop keys such as `constructor` without a word. */
const evaluateMap: Evaluate = (evaluator, node, context) => {
  const entries = (node.args as readonly (readonly [Node, Node])[]).map(([key, value]) => {
    const name = evaluator.run(key, context);
    if (typeof name !== 'string') throw new ExpressionError('keys of an object are texts', key.pos);
    return [name, evaluator.run(value, context)] as const;
  });
  const map = new Map(entries);
  if (map.size < entries.length) throw new ExpressionError('a key stands twice in this object', node.pos);
  return map;
};
