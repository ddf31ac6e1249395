import { formatDuration } from '#jobs/duration.ts';

/** How a figure moved against the day before: which way, by how much, and whether that is better. */
export interface Trend {
  readonly up: boolean;
  readonly by: string;
  readonly better: boolean;
}

const FEW_MS = 1;

/** A rate in percent; a tenth is the least that is told. */
export const rateTrend = (now: number | null, before: number | null): Trend | null => {
  if (now === null || before === null) return null;
  const by = Math.round((now - before) * 10) / 10;
  return by === 0 ? null : { up: by > 0, by: String(Math.abs(by)), better: by > 0 };
};

/** A duration; a hundredth of it is the least that is told. */
export const durationTrend = (now: number | null, before: number | null): Trend | null => {
  if (now === null || before === null) return null;
  const by = now - before;
  if (Math.abs(by) < Math.max(FEW_MS, before / 100)) return null;
  return { up: by > 0, by: formatDuration(Math.round(Math.abs(by))), better: by < 0 };
};
