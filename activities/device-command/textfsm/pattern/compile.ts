import { charTest, wordTest } from './char-set.ts';
import { lower, lowerAscii } from './characters.ts';
import { FLAG, type Node, type Nodes, type Place, withFlags } from './nodes.ts';
import { possessive, repeatMany } from './repeat-many.ts';
import { repeatOne } from './repeat-one.ts';
import type { RunState } from './run-state.ts';
import { widthOf } from './width.ts';

/** Tries the rest of a pattern from a position; true when all of it matches, and then `reached` says where it ended. */
export type Try = (ptr: number) => boolean;

/** What compiling needs to know besides the nodes. */
export interface Compiler {
  readonly state: RunState;
  readonly groups: readonly Nodes[];
  readonly lookbehindError: () => Error;
}

/** Turns nodes into one function: they match here and `next` matches what follows. Backtracking and groups behave as in Python's `sre`. */
export function compile(nodes: Nodes, flags: number, next: Try, compiler: Compiler): Try {
  let rest = next;
  for (let i = nodes.length - 1; i >= 0; i--) {
    const text = flags & FLAG.i ? [] : literalsUpTo(nodes, i);
    const node = nodes[i];
    if (text.length > 1) {
      rest = literals(text, rest, compiler.state);
      i -= text.length - 1;
    } else if (node) rest = compileNode(node, flags, rest, literalOf(nodes[i + 1], flags), compiler);
  }
  return rest;
}

function literalsUpTo(nodes: Nodes, last: number): readonly number[] {
  const codes: number[] = [];
  for (let i = last, node = nodes[i]; node?.op === 'literal'; node = nodes[--i]) codes.unshift(node.code);
  return codes;
}

/** The only character the node after a repetition can begin with; -1 when there is no such character. */
const literalOf = (node: Node | undefined, flags: number): number => (node?.op === 'literal' && !(flags & FLAG.i) ? node.code : -1);

function literals(text: readonly number[], next: Try, state: RunState): Try {
  const [first] = text;
  const length = text.length;
  return (ptr) => {
    const { codes, end } = state;
    if (end - ptr < length || codes[ptr] !== first) return false;
    for (let i = 1; i < length; i++) if (codes[ptr + i] !== text[i]) return false;
    return next(ptr + length);
  };
}

function compileNode(node: Node, flags: number, next: Try, following: number, compiler: Compiler): Try {
  const { state } = compiler;
  const inner = (body: Nodes, then: Try, changed = flags): Try => compile(body, changed, then, compiler);
  const one = charTest(node, flags);
  if (one) return (ptr) => ptr < state.end && one(state.codes[ptr] ?? 0) && next(ptr + 1);
  const done: Try = (ptr) => {
    state.reached = ptr;
    return true;
  };
  switch (node.op) {
    case 'at':
      return place(node.where, flags, next, state);
    case 'branch':
      return branch(
        node.items.map((item) => inner(item, next)),
        state,
      );
    case 'group':
      return group(node.index, (then) => inner(node.body, then, withFlags(flags, node.add, node.remove)), next, state);
    case 'atomic': {
      const body = inner(node.body, done);
      return (ptr) => body(ptr) && next(state.reached);
    }
    case 'repeat': {
      const test = unitTest(node.body, flags);
      if (test) return repeatOne(node, test, next, following, state);
      if (node.kind === 'possessive') return possessive(node, inner(node.body, done), next, state);
      return repeatMany(node, (until) => inner(node.body, until), next, state);
    }
    case 'assert': {
      const [least, most] = node.ahead ? [0, 0] : widthOf(node.body, compiler.groups);
      if (least !== most) throw compiler.lookbehindError();
      return node.negative ? assertNot(inner(node.body, done), least, next, state) : assert(inner(node.body, done), least, next);
    }
    case 'backref':
      return backref(node.group, flags, next, state);
    case 'conditional': {
      const yes = inner(node.yes, next);
      const no = node.no ? inner(node.no, next) : next;
      return (ptr) => (state.span(node.group) ? yes(ptr) : no(ptr));
    }
    default:
      throw new Error(`no way to match ${node.op}`);
  }
}

/** The test of a body that is one character wide, also inside a group that only sets flags. */
function unitTest(body: Nodes, flags: number): ((code: number) => boolean) | null {
  const [only] = body;
  if (body.length !== 1 || only === undefined) return null;
  if (only.op === 'group') return only.index === null ? unitTest(only.body, withFlags(flags, only.add, only.remove)) : null;
  return charTest(only, flags);
}

function branch(items: readonly Try[], state: RunState): Try {
  return (ptr) => {
    const held = state.hold();
    state.spend(items.length);
    let matched = false;
    for (const item of items) {
      matched = item(ptr);
      if (matched) break;
      state.undo(held);
    }
    state.forget(held);
    return matched;
  };
}

function group(index: number | null, body: (then: Try) => Try, next: Try, state: RunState): Try {
  if (index === null) return body(next);
  const mark = (index - 1) * 2;
  const inside = body((ptr) => {
    state.mark(mark + 1, ptr);
    return next(ptr);
  });
  return (ptr) => {
    state.mark(mark, ptr);
    return inside(ptr);
  };
}

function assert(body: Try, back: number, next: Try): Try {
  return (ptr) => ptr >= back && body(ptr - back) && next(ptr);
}

function assertNot(body: Try, back: number, next: Try, state: RunState): Try {
  return (ptr) => {
    if (ptr >= back) {
      const held = state.hold();
      const found = body(ptr - back);
      if (!found) state.undo(held);
      state.forget(held);
      if (found) return false;
    }
    return next(ptr);
  };
}

function backref(index: number, flags: number, next: Try, state: RunState): Try {
  const fold = !(flags & FLAG.i) ? (code: number) => code : flags & FLAG.a ? lowerAscii : lower;
  return (ptr) => {
    const span = state.span(index);
    if (!span) return false;
    const [from, to] = span;
    if (to - from > state.end - ptr) return false;
    state.spend(to - from + 1);
    for (let i = from; i < to; i++) if (fold(state.codes[i] ?? 0) !== fold(state.codes[ptr + i - from] ?? 0)) return false;
    return next(ptr + to - from);
  };
}

function place(where: Place, flags: number, next: Try, state: RunState): Try {
  const is = placeTest(where, flags, state);
  return (ptr) => is(ptr) && next(ptr);
}

function placeTest(where: Place, flags: number, state: RunState): Try {
  const multiline = (flags & FLAG.m) !== 0;
  switch (where) {
    case 'beginning':
      return multiline ? (ptr) => ptr === 0 || state.codes[ptr - 1] === 10 : (ptr) => ptr === 0;
    case 'beginning_string':
      return (ptr) => ptr === 0;
    case 'end':
      return multiline
        ? (ptr) => ptr === state.end || state.codes[ptr] === 10
        : (ptr) => ptr === state.end || (ptr === state.end - 1 && state.codes[ptr] === 10);
    case 'end_string':
      return (ptr) => ptr === state.end;
    default: {
      const word = wordTest(flags);
      const wanted = where === 'boundary';
      const isWordAt = (ptr: number): boolean => ptr >= 0 && ptr < state.end && word(state.codes[ptr] ?? 0);
      // Python finds neither in an empty text.
      return (ptr) => state.end > 0 && (isWordAt(ptr - 1) !== isWordAt(ptr)) === wanted;
    }
  }
}
