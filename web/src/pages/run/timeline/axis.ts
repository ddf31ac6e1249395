/** A stretch of time in ms since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Time laid out on a line from 0 to 1; long stretches without work are squeezed. */
export interface Axis {
  readonly place: (at: number) => number;
  /** The time at a place of the line. */
  readonly timeAt: (place: number) => number;
  readonly ticks: readonly { readonly at: number; readonly place: number }[];
  readonly gaps: readonly (Span & { readonly place: number; readonly width: number })[];
}

const GAP_WIDTH = 0.04;
/** All gaps together never take more of the line than this. */
const MOST_GAPS = 0.4;
const SHORTEST_GAP_MS = 10_000;
/** A gap that takes less of the line than this hides no work. */
const SHORTEST_PART = 1 / 20;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400].map((seconds) => seconds * 1000);
const FINE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Overlapping stretches joined, in order. */
const merge = (spans: readonly Span[]): Span[] => {
  const merged: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else merged.push(span);
  }
  return merged;
};

/** Pixels between the words of a time on the line and what stands at their right. */
const APART = 12;
/** How wide a letter of such words is, about. */
const LETTER = 7;

/** The ticks whose words have room on a line so wide, in pixels, without meeting those of the next. */
export const withRoom = <T extends { readonly place: number; readonly words: string }>(ticks: readonly T[], wide: number): readonly T[] => {
  let free = 0;
  return ticks.filter(({ place, words }) => {
    const from = place * wide;
    const to = from + words.length * LETTER + APART;
    if (from < free || to > wide) return false;
    free = to;
    return true;
  });
};

const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const tickStep = (length: number): number =>
  [...FINE_STEPS, ...STEPS].find((step) => length / step <= 6) ?? Math.ceil(length / 6 / 86_400_000) * 86_400_000;

const idle = (domain: Span, work: readonly Span[]): Span[] => {
  const seen = work.filter(({ from, to }) => to >= domain.from && from <= domain.to);
  const busy = merge(seen);
  const typical = median(seen.map(({ from, to }) => to - from));
  const shortest = Math.max(10 * typical, SHORTEST_GAP_MS, (domain.to - domain.from) * SHORTEST_PART);
  return busy
    .flatMap((span, at) => {
      const next = busy[at + 1];
      return next && next.from - span.to > shortest ? [{ from: span.to, to: next.from }] : [];
    })
    .filter((gap) => gap.from >= domain.from && gap.to <= domain.to);
};

/** Lays out a time domain; gaps between the work that are over ten times its median length shrink to a fixed width. */
export const axis = (domain: Span, work: readonly Span[], squeeze = true): Axis => {
  const whole = Math.max(1, domain.to - domain.from);
  const gaps = squeeze ? idle(domain, work) : [];
  const gapWidth = Math.min(GAP_WIDTH, MOST_GAPS / gaps.length);
  const drawn = whole - gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const scale = (1 - gaps.length * gapWidth) / drawn;

  const place = (at: number): number => {
    let passed = 0;
    let x = 0;
    for (const gap of gaps) {
      if (at <= gap.from) break;
      x += gapWidth * Math.min(1, (at - gap.from) / (gap.to - gap.from));
      passed += Math.min(at, gap.to) - gap.from;
    }
    return Math.min(1, Math.max(0, (at - domain.from - passed) * scale + x));
  };

  const timeAt = (x: number): number => {
    let time = domain.from;
    let left = Math.min(1, Math.max(0, x));
    for (const gap of gaps) {
      const before = (gap.from - time) * scale;
      if (left <= before) break;
      left -= before;
      if (left <= gapWidth) return gap.from + (left / gapWidth) * (gap.to - gap.from);
      left -= gapWidth;
      time = gap.to;
    }
    return Math.min(domain.to, time + left / scale);
  };

  const step = tickStep(drawn);
  const ticks: { at: number; place: number }[] = [];
  const count = Math.floor(whole / step);
  for (let at = 0; at <= count && ticks.length < 40; at++) {
    const time = domain.from + at * step;
    const gap = gaps.find((one) => time > one.from && time < one.to);
    if (gap) at = Math.ceil((gap.to - domain.from) / step) - 1;
    else ticks.push({ at: time, place: place(time) });
  }
  return { place, timeAt, ticks, gaps: gaps.map((gap) => ({ ...gap, place: place(gap.from), width: gapWidth })) };
};
