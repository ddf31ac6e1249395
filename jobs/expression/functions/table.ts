import type { Value } from '../value.ts';

/** Functions by their signature as CEL writes it: `string.contains(string): bool` is a method of text, `size(string): int` stands alone. */
export type FunctionTable = { readonly [signature: string]: (...values: never[]) => Value };
