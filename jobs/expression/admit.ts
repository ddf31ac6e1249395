import { didYouMean } from '../suggest.ts';
import { EXPRESSION_LIMITS } from './budget.ts';
import { FUNCTION_NAMES, OWN } from './environment.ts';
import { ExpressionError } from './scan.ts';
import { callOf, isBind, isComprehension, type Macro, type Node, walk } from './tree.ts';

/** Constants of the library that are no part of this language. */
const HIDDEN = new Set([
  'google',
  'optional',
  'cel',
  'bool',
  'bytes',
  'double',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'type',
  'uint',
]);
const MACROS: { readonly [name: string]: string } = {
  has: 'has(steps.a.outputs.b)',
  default: 'default(value, fallback)',
  bind: 'cel.bind(name, value, expression)',
  all: 'list.all(x, condition)',
  exists: 'list.exists(x, condition)',
  exists_one: 'list.exists_one(x, condition)',
  map: 'list.map(x, expression)',
  filter: 'list.filter(x, condition)',
};

/** Lets only what this language offers through, and points every call at our own functions; throws on the rest. */
export function admit(root: Node): void {
  walk(root, (node, names, comprehensions) => {
    if (node.op === 'value') admitLiteral(node);
    if (node.op === 'map') admitKeys(node);
    if (node.op === 'id' && HIDDEN.has(String(node.args)) && !names.has(String(node.args)) && !isReceiverOfBind(node, root)) {
      throw new ExpressionError(`there is no variable ${JSON.stringify(node.args)}`, node.pos);
    }
    if (isComprehension(node) && comprehensions >= EXPRESSION_LIMITS.comprehensions) {
      throw new ExpressionError(`${callOf(node)?.name}() stands inside another all, exists, map or filter`, node.pos, 'do it in two steps');
    }
    if (node.meta.macro && callOf(node)?.name === 'has') checkArgumentOf(node.meta.macro, node);
    if (node.meta.macro || node.meta.alternate) return;
    admitCall(node);
  });
}

function admitLiteral(node: Node): void {
  if (node.args instanceof Uint8Array) throw new ExpressionError('bytes are not offered', node.pos, 'write a text');
  if (typeof node.args === 'object' && node.args !== null)
    throw new ExpressionError('unsigned integers are not offered', node.pos, 'leave the u out');
  if (typeof node.args === 'bigint' && node.args > 2n ** 63n)
    throw new ExpressionError(`${node.args} is not in the range of integers`, node.pos);
}

function admitKeys(object: Node): void {
  const keys = new Set<unknown>();
  for (const [key] of object.args as readonly (readonly [Node, Node])[]) {
    if (key.op !== 'value') continue;
    if (typeof key.args !== 'string') throw new ExpressionError('keys of an object are texts', key.pos);
    if (keys.has(key.args)) throw new ExpressionError(`the key ${JSON.stringify(key.args)} stands twice in this object`, key.pos);
    keys.add(key.args);
  }
}

function admitCall(node: Node): void {
  const call = callOf(node);
  if (!call) return;
  const usage = MACROS[call.name];
  if (usage) throw new ExpressionError(`${call.name} is written ${usage}`, node.pos);
  if (!FUNCTION_NAMES.includes(call.name)) {
    const known = [...FUNCTION_NAMES, ...Object.keys(MACROS)];
    throw new ExpressionError(`there is no function ${JSON.stringify(call.name)}${didYouMean(call.name, known)}`, node.pos);
  }
  if (/^get[A-Z]/.test(call.name) && call.args.length > 0) {
    throw new ExpressionError(`${call.name}() takes no time zone, since zone data change`, node.pos, 'it reads UTC');
  }
  (node.args as unknown[])[0] = OWN + call.name;
}

/** `has` looks at its argument only when it runs; a name that cannot exist is an error before. */
function checkArgumentOf(macro: Macro, node: Node): void {
  const { typeCheck } = macro;
  macro.typeCheck = (checker, own, context) => {
    const answer = typeCheck(checker, own, context);
    const select = callOf(node)?.args[0];
    if (select) checker.check(select, context);
    return answer;
  };
}

function isReceiverOfBind(id: Node, root: Node): boolean {
  let found = false;
  walk(root, (node) => {
    if (isBind(node) && callOf(node)?.receiver === id) found = true;
  });
  return found;
}
