/** A stretch of lines, the first and the last with it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A log without its folded lines: which line stands in a row, rows from 0, lines from 1. */
export interface Folds {
  /** Rows of a log of so many lines. */
  readonly rowsOf: (lines: number) => number;
  readonly lineAt: (row: number) => number;
  /** The row of a line, or of the last line above it that is not folded. */
  readonly rowOf: (line: number) => number;
}

/** Hides these stretches, which are in order and apart. */
export const foldsOf = (hidden: readonly Stretch[]): Folds => {
  // The first row behind each stretch, and how many lines are hidden up to there.
  const gaps: { readonly row: number; readonly hidden: number }[] = [];
  let sum = 0;
  for (const { from, to } of hidden) {
    const row = from - 1 - sum;
    sum += to - from + 1;
    gaps.push({ row, hidden: sum });
  }
  const lineAt = (row: number): number => row + 1 + (gaps.findLast((gap) => gap.row <= row)?.hidden ?? 0);
  return {
    rowsOf: (lines) => lines - hidden.reduce((all, { from, to }) => all + Math.max(0, Math.min(to, lines) - from + 1), 0),
    lineAt,
    rowOf: (line) => {
      const above = hidden.reduce((all, { from, to }) => all + Math.max(0, Math.min(to, line) - from + 1), 0);
      return Math.max(0, line - 1 - above);
    },
  };
};
