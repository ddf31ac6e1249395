/** One of several works that a step was taken apart into. */
export interface Part {
  /** Where it runs; what `target` means in its config. */
  readonly target: string;
}

/** The key of a step's n-th part, from 0. */
export const partKey = (key: string, n: number): string => `${key}[${n}]`;

/** The keys of all parts, in their order; none for a step that is one piece. */
export const partKeysOf = (key: string, parts: readonly Part[] | undefined): readonly string[] =>
  (parts ?? []).map((_, n) => partKey(key, n));

const PART = /^(.+)\[\d+\]$/;

/** The key of the step that a key's step is a part of; null for one that is none. */
export const wholeOf = (key: string): string | null => PART.exec(key)?.[1] ?? null;
