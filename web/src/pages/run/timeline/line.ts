import { hasEnded } from '#jobs/run-state.ts';
import type { RunView } from '../../../api/views.ts';
import type { StepRow } from '../rows.ts';
import { type Axis, axis, type Span } from './axis.ts';
import { type Attempts, type Bar, barsOf, domainOf } from './bars.ts';

/** What a time line is drawn of. */
export interface LineOf {
  readonly run: Pick<RunView, 'created_at' | 'started_at' | 'ended_at'>;
  readonly rows: readonly StepRow[];
  readonly attempts: Attempts;
  readonly zoom: { readonly from: number; readonly to: number } | null;
  readonly squeeze: boolean;
}

/** All the time there is to look at, and the part of it that is. */
export interface Line extends Axis {
  readonly whole: Span;
  readonly shown: Span;
}

/** Lays out the time of a run, or of one attempt of each step; work that is under way counts until the line's end, so that the line moves only when it must. */
export function lineOf({ run, rows, attempts, zoom, squeeze }: LineOf, now: number): Line {
  const bars = rows.flatMap(({ step }) => (step ? barsOf(step, now, attempts).filter(({ kind }) => kind !== 'pause') : []));
  const whole = attempts === null ? domainOf(run, now, bars) : spanOf(bars, domainOf(run, now));
  const shown = zoom === null ? whole : clip(whole, zoom);
  const work = bars.map((bar) => (isOpen(bar) ? { from: bar.from, to: Math.max(bar.to, whole.to) } : bar));
  return { ...axis(shown, work, squeeze), whole, shown };
}

const isOpen = ({ status }: Bar): boolean => !hasEnded(status);

const spanOf = (bars: readonly Bar[], otherwise: Span): Span => {
  if (bars.length === 0) return otherwise;
  const from = bars.reduce((least, bar) => Math.min(least, bar.from), Number.POSITIVE_INFINITY);
  const to = bars.reduce((most, bar) => Math.max(most, bar.to), 0);
  return { from, to: Math.max(from + 1, bars.some(isOpen) ? Math.max(to, otherwise.to) : to) };
};

const clip = ({ from, to }: Span, zoom: { readonly from: number; readonly to: number }): Span => {
  const least = Math.min(from + zoom.from, to - 1);
  return { from: least, to: Math.max(least + 1, Math.min(to, from + zoom.to)) };
};

/** The stretch around the middle of what is shown that is so many times as long, in ms since the line begins; null: all of it. */
export function zoomBy({ whole, shown }: Pick<Line, 'whole' | 'shown'>, factor: number): LineOf['zoom'] {
  const middle = (shown.from + shown.to) / 2;
  const half = Math.max(1, ((shown.to - shown.from) * factor) / 2);
  return zoomTo(whole, { from: middle - half, to: middle + half });
}

/** That stretch of time as an address keeps it; null when it is all there is. */
export function zoomTo(whole: Span, { from, to }: Span): LineOf['zoom'] {
  if (from <= whole.from && to >= whole.to) return null;
  const least = Math.max(0, Math.floor(from - whole.from));
  return { from: least, to: Math.max(least + 1, Math.ceil(Math.min(to, whole.to) - whole.from)) };
}

/** As much time as is shown, so many times its length later, without leaving the line. */
export function pan({ whole, shown }: Pick<Line, 'whole' | 'shown'>, by: number): LineOf['zoom'] {
  const long = shown.to - shown.from;
  const from = Math.min(Math.max(whole.from, shown.from + by * long), whole.to - long);
  return zoomTo(whole, { from, to: from + long });
}
