/** One of several works that a step is taken apart into. */
export interface Part {
  /** Where it runs; what `target` means in its config. */
  readonly target: string;
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
