const numbers = new Intl.NumberFormat();

/** A count as the reader's locale groups it. */
export const grouped = (count: number): string => numbers.format(count);

/** A count with its noun, e.g. `1 run`, `1,204 runs`. */
export const plural = (count: number, one: string, many: string): string => `${grouped(count)} ${count === 1 ? one : many}`;
