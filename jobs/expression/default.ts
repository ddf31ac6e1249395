import { type Environment, EvaluationError } from '@marcbachmann/cel-js';
import type { Evaluator, Macro, Node } from './tree.ts';

const MISSING = new Set(['no_such_key', 'index_out_of_bounds']);

/** Adds `default(value, fallback)`: the value, or the fallback when a key on the way to it is missing or it is null. */
export function registerDefault(env: Environment): void {
  env.registerFunction('default(ast, ast): dyn', ({ args }: { args: readonly [Node, Node] }) => ({
    async: false,
    typeCheck(checker: Checker, _macro: Macro, context: unknown) {
      const value = checker.check(args[0], context);
      return value.unify(checker.registry, checker.check(args[1], context)) ?? checker.getType('dyn');
    },
    evaluate(evaluator: Evaluator, _macro: Macro, context: unknown) {
      const value = valueOrNull(evaluator, args[0], context);
      return value === null ? evaluator.run(args[1], context) : value;
    },
  }));
}

interface Checker {
  readonly registry: unknown;
  check(node: Node, context: unknown): { unify(registry: unknown, other: unknown): unknown };
  getType(name: string): unknown;
}

function valueOrNull(evaluator: Evaluator, node: Node, context: unknown): unknown {
  try {
    return evaluator.run(node, context);
  } catch (error) {
    if (error instanceof EvaluationError && MISSING.has(error.code)) return null;
    throw error;
  }
}
