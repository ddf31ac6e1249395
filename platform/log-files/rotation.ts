/** Whether a file of this size is closed before so much is added; one that is empty takes anything. */
export const isFull = (size: number, adding: number, limit: number): boolean => size > 0 && size + adding > limit;

/** The number that the next closed file of `base` gets, told from the names beside it: one more than the highest. */
export function nextNumber(base: string, beside: readonly string[]): number {
  const numbers = beside.flatMap((name) => {
    const rest = name.startsWith(`${base}.`) ? /^(\d+)(\.gz)?$/.exec(name.slice(base.length + 1)) : null;
    return rest ? [Number(rest[1])] : [];
  });
  return Math.max(0, ...numbers) + 1;
}
