/** So many runs whose duration lies in 2^bucket ≤ ms < 2^(bucket+1). */
export interface DurationCount {
  readonly bucket: number;
  readonly runs: number;
}

/** The duration (ms) that a share (0 to 1) of the runs do not exceed, as well as counts by powers of two tell: within its bucket it is taken as evenly spread. Null without runs that took any time. */
export function percentile(counts: readonly DurationCount[], share: number): number | null {
  const timed = counts.filter(({ bucket, runs }) => bucket >= 0 && runs > 0).toSorted((a, b) => a.bucket - b.bucket);
  const total = timed.reduce((sum, { runs }) => sum + runs, 0);
  let before = 0;
  for (const { bucket, runs } of timed) {
    if (before + runs >= share * total) return Math.round(2 ** bucket * (1 + (share * total - before) / runs));
    before += runs;
  }
  return null;
}
