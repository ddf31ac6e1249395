/** A piece of the text and what stands in its place. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A text with changes made, which are counted in the text as it was and do not overlap. */
export function changed(text: string, changes: readonly Change[]): string {
  let result = '';
  let done = 0;
  for (const { from, to, insert } of inOrder(changes)) {
    result += text.slice(done, from) + insert;
    done = to;
  }
  return result + text.slice(done);
}

/** Changes by their place. */
export const inOrder = (changes: readonly Change[]): readonly Change[] => [...changes].sort((a, b) => a.from - b.from || a.to - b.to);
