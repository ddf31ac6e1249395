import type { Json, JsonObject } from './json.ts';

/** One of several works that a step is taken apart into: one for each target, item or combination. */
export interface Part {
  /** Where it runs, for a step that is taken apart by its targets; what `target` means in its config. */
  readonly target?: string;
  readonly item?: Json;
  /** A combination of a matrix. */
  readonly matrix?: JsonObject;
  /** The place of the part that this one undoes, in the step that it undoes. */
  readonly undoes?: number;
}

/** What the expressions of a part see besides the run: the item it is about and its place, from 0. */
export interface PartVariables {
  readonly item?: Json;
  readonly matrix?: JsonObject;
  readonly index?: number;
  readonly target?: string;
}

export const variablesOfPart = ({ target, item, matrix, undoes }: Part, n: number): PartVariables => ({
  ...(target !== undefined && { target }),
  ...(item !== undefined && { item }),
  ...(matrix !== undefined && { matrix }),
  ...((item !== undefined || matrix !== undefined) && { index: undoes ?? n }),
});

/** Whether a part is about an item or a combination, and not only about a target. */
export const isOfItem = ({ item, matrix }: Pick<Part, 'item' | 'matrix'>): boolean => item !== undefined || matrix !== undefined;

/** Characters of an item that people read in lists. */
const LONGEST_NAME = 60;

/** What people call a part: its item, the values of its combination, or its target. */
export function nameOfPart({ target, item, matrix }: Part): string {
  if (matrix !== undefined) return cut(Object.values(matrix).map(textOf).join('/'));
  return item === undefined ? (target ?? '') : cut(textOf(item));
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
const cut = (text: string): string => (text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text);

/** Bytes of an item, about, that its row keeps as they are. */
const LARGEST_SHOWN = 2_048;

/** What the row of a part shows of its item: the value, or a text cut short; null for a part without one. */
export function shownItem({ item, matrix }: Pick<Part, 'item' | 'matrix'>): Json {
  const value = matrix ?? item ?? null;
  const text = JSON.stringify(value);
  return text.length <= LARGEST_SHOWN ? value : `${text.slice(0, LARGEST_SHOWN - 1)}…`;
}

/** The key of a step's n-th part, from 0. */
export const partKey = (key: string, n: number): string => `${key}[${n}]`;

/** One way to write each, since people write keys too. */
const PART = /^(.+)\[(0|[1-9]\d{0,8})\]$/;

/** The step that a key's step is a part of, and which; null for one that is a step of the plan. */
export function partOf(key: string): { readonly whole: string; readonly n: number } | null {
  if (!key.endsWith(']')) return null;
  const [, whole, n] = PART.exec(key) ?? [];
  return whole === undefined ? null : { whole, n: Number(n) };
}

/** The key of the step that a key's step is a part of; null for one that is none. */
export const wholeOf = (key: string): string | null => partOf(key)?.whole ?? null;
