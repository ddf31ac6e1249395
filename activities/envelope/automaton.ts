/** Aho-Corasick with failure links: a few bytes a state whatever the alphabet, so that a key of 3 KB in all its disguises stays near 1 MB. */
export interface Automaton {
  /** The state after this byte; 0 is the state in which nothing is under way. */
  step(state: number, byte: number): number;
  /** Bytes since the start of the longest pattern that may be under way in this state. */
  readonly depth: Int32Array;
  /** Length of the longest pattern ending in this state; 0 for none. */
  readonly match: Int32Array;
  /** What its tables take in memory. */
  readonly bytes: number;
}

/** A tree of the patterns' beginnings: each state's children are a list, which is nearly always of one. */
interface Tree {
  /** The first state's children by their byte, as most bytes of a text are looked up there. */
  readonly first: Int32Array;
  readonly child: Int32Array;
  readonly sibling: Int32Array;
  /** The byte that leads to a state. */
  readonly letter: Uint8Array;
  readonly depth: Int32Array;
  readonly match: Int32Array;
}

/** The automaton that finds every occurrence of these patterns, or null for none. */
export function buildAutomaton(patterns: readonly Buffer[]): Automaton | null {
  if (patterns.length === 0) return null;
  const tree = treeOf(patterns);
  const fallback = fallbacksOf(tree);
  const { first, depth, match } = tree;
  const bytes = [first, tree.child, tree.sibling, tree.letter, depth, match, fallback].reduce((sum, table) => sum + table.byteLength, 0);
  return { step: (state, byte) => follow(tree, fallback, state, byte), depth, match, bytes };
}

function treeOf(patterns: readonly Buffer[]): Tree {
  const most = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
  const table = () => new Int32Array(most);
  const tree = {
    first: new Int32Array(256),
    child: table(),
    sibling: table(),
    letter: new Uint8Array(most),
    depth: table(),
    match: table(),
  };
  let states = 1;
  for (const pattern of patterns) {
    let state = 0;
    for (const byte of pattern) {
      let next = childOf(tree, state, byte);
      if (next === 0) {
        next = states++;
        tree.letter[next] = byte;
        tree.depth[next] = at(tree.depth, state) + 1;
        tree.sibling[next] = at(tree.child, state);
        tree.child[state] = next;
        if (state === 0) tree.first[byte] = next;
      }
      state = next;
    }
    tree.match[state] = pattern.length;
  }
  const { first, child, sibling, letter, depth, match } = tree;
  const cut = (of: Int32Array) => of.slice(0, states);
  return { first, child: cut(child), sibling: cut(sibling), letter: letter.slice(0, states), depth: cut(depth), match: cut(match) };
}

/** Where each state goes on when a byte does not continue its pattern: to the longest other beginning that fits. */
function fallbacksOf(tree: Tree): Int32Array {
  const { child, sibling, letter, match } = tree;
  const fallback = new Int32Array(child.length);
  const queue = [0];
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0;
    for (let next = at(child, state); next !== 0; next = at(sibling, next)) {
      const shorter = state === 0 ? 0 : follow(tree, fallback, at(fallback, state), at(letter, next));
      fallback[next] = shorter;
      match[next] = Math.max(at(match, next), at(match, shorter));
      queue.push(next);
    }
  }
  return fallback;
}

function follow(tree: Tree, fallback: Int32Array, from: number, byte: number): number {
  let state = from;
  while (state !== 0) {
    const next = childOf(tree, state, byte);
    if (next !== 0) return next;
    state = at(fallback, state);
  }
  return at(tree.first, byte);
}

function childOf({ first, child, sibling, letter }: Tree, state: number, byte: number): number {
  if (state === 0) return at(first, byte);
  let next = at(child, state);
  while (next !== 0 && letter[next] !== byte) next = at(sibling, next);
  return next;
}

const at = (array: Uint8Array | Int32Array, index: number): number => array[index] ?? 0;
