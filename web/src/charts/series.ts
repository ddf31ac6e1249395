import type { StepStatus } from '#jobs/run-state.ts';

/** One row of values of a chart, one for each time. */
export interface Series {
  readonly id: string;
  readonly name: string;
  /** The colour of a status, or one of the page's two others. */
  readonly tone: StepStatus | 'accent' | 'muted';
  readonly values: readonly (number | null)[];
}

/** A range of times, in milliseconds; `to` is not part of it. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The class that sets the colour of a series. */
export const toneClass = ({ tone }: Pick<Series, 'tone'>): string =>
  tone === 'accent' ? 'text-accent' : tone === 'muted' ? 'text-muted' : `tone-${tone} text-(--tone)`;

/** Each series on top of those after it, so that drawn in order the first stands on the others. */
export const stacked = (series: readonly Series[]): readonly (readonly number[])[] => {
  const sums: number[][] = [];
  for (const { values } of series.toReversed()) {
    const below = sums.at(-1);
    sums.push(values.map((value, at) => (value ?? 0) + (below?.[at] ?? 0)));
  }
  return sums.reverse();
};

/** The range of the buckets from one to another, whichever comes first. */
export const rangeOf = (times: readonly number[], step: number, one: number, other: number): TimeRange => ({
  from: times[Math.min(one, other)] ?? 0,
  to: (times[Math.max(one, other)] ?? 0) + step,
});
