/** What a Python regular expression is made of once it is read; the same parts that Python's own compiler knows. */
export type Node =
  | { readonly op: 'literal'; readonly code: number }
  | { readonly op: 'not_literal'; readonly code: number }
  | { readonly op: 'any' }
  | CharSet
  | { readonly op: 'at'; readonly where: Place }
  | { readonly op: 'branch'; readonly items: readonly Nodes[] }
  | Repeat
  | { readonly op: 'group'; readonly index: number | null; readonly add: number; readonly remove: number; readonly body: Nodes }
  | { readonly op: 'atomic'; readonly body: Nodes }
  | { readonly op: 'assert'; readonly ahead: boolean; readonly negative: boolean; readonly body: Nodes }
  | { readonly op: 'backref'; readonly group: number }
  | { readonly op: 'conditional'; readonly group: number; readonly yes: Nodes; readonly no: Nodes | null };

export type Nodes = readonly Node[];

export type Place = 'beginning' | 'beginning_string' | 'boundary' | 'non_boundary' | 'end' | 'end_string';

/** One character out of a set, or none of it. */
export interface CharSet {
  readonly op: 'in';
  readonly negate: boolean;
  readonly items: readonly SetItem[];
}

export type SetItem =
  | { readonly kind: 'literal'; readonly code: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'category'; readonly category: Category; readonly not: boolean };

export type Category = 'digit' | 'space' | 'word';

export interface Repeat {
  readonly op: 'repeat';
  readonly kind: 'greedy' | 'lazy' | 'possessive';
  readonly min: number;
  /** `Infinity` when there is no upper bound. */
  readonly max: number;
  readonly body: Nodes;
}

/** The inline flags, `(?i)` and so on. */
export const FLAG = { i: 1, m: 2, s: 4, x: 8, a: 16, u: 32 } as const;

/** Flags that say which alphabet `\w` and its like mean; one of them at a time. */
export const ALPHABET_FLAGS = FLAG.a | FLAG.u;

/** The flags inside a group that sets some and takes some away. */
export const withFlags = (flags: number, add: number, remove: number): number =>
  ((add & ALPHABET_FLAGS ? flags & ~ALPHABET_FLAGS : flags) | add) & ~remove;

/** A pattern that Python would refuse, in Python's words. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}
