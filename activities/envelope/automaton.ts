/** Aho-Corasick as a complete table: one look-up a byte, no failure links left at run time. */
export interface Automaton {
  /** Bytes that occur in no pattern share class 0, which keeps the table small. */
  readonly classOf: Uint8Array;
  readonly classes: number;
  /** state × class → state. */
  readonly next: Int32Array;
  /** Bytes since the start of the longest pattern that may be under way in this state. */
  readonly depth: Int32Array;
  /** Length of the longest pattern ending in this state; 0 for none. */
  readonly match: Int32Array;
}

/** The automaton that finds every occurrence of these patterns, or null for none. */
export function buildAutomaton(patterns: readonly Buffer[]): Automaton | null {
  if (patterns.length === 0) return null;
  const { classOf, classes } = classify(patterns);
  const most = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
  const automaton = { classOf, classes, next: new Int32Array(most * classes), depth: new Int32Array(most), match: new Int32Array(most) };
  const states = addPatterns(automaton, patterns);
  complete(automaton, states);
  return automaton;
}

function classify(patterns: readonly Buffer[]): { readonly classOf: Uint8Array; readonly classes: number } {
  const classOf = new Uint8Array(256);
  let classes = 1;
  for (const byte of patterns.flatMap((pattern) => [...pattern])) {
    if (classOf[byte] === 0) classOf[byte] = classes++;
  }
  return { classOf, classes };
}

/** Lays the patterns out as a tree; answers how many states it has. */
function addPatterns({ classOf, classes, next, depth, match }: Automaton, patterns: readonly Buffer[]): number {
  let states = 1;
  for (const pattern of patterns) {
    let state = 0;
    for (const byte of pattern) {
      const edge = state * classes + at(classOf, byte);
      if (at(next, edge) === 0) {
        next[edge] = states;
        depth[states] = at(depth, state) + 1;
        states += 1;
      }
      state = at(next, edge);
    }
    match[state] = pattern.length;
  }
  return states;
}

/** Fills in where each state goes on a byte that does not continue its pattern: to the longest other beginning that fits. */
function complete({ classes, next, match }: Automaton, states: number): void {
  const fallback = new Int32Array(states);
  const queue = [0];
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0;
    for (let letter = 0; letter < classes; letter += 1) {
      const edge = state * classes + letter;
      const child = at(next, edge);
      const shorter = state === 0 ? 0 : at(next, at(fallback, state) * classes + letter);
      if (child === 0) {
        next[edge] = shorter;
      } else {
        fallback[child] = shorter;
        match[child] = Math.max(at(match, child), at(match, shorter));
        queue.push(child);
      }
    }
  }
}

const at = (array: Uint8Array | Int32Array, index: number): number => array[index] ?? 0;
