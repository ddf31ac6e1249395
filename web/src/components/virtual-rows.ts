import type { Range, Virtualizer } from '@tanstack/solid-virtual';
import { defaultRangeExtractor } from '@tanstack/solid-virtual';

/** Where a row stands: its number among those here and its pixels from the top. */
export interface Place {
  readonly index: number;
  readonly start: number;
}

/** The scrolled box of a virtual list once it is part of the page: before, it belongs to no window, and the list would stay blank. */
export const attached = <E extends Element>(box: E | undefined): E | null => (box?.isConnected ? box : null);

/** The rows on screen and those around them, and one more wherever it is; -1 for none. */
export const rangeWith = (range: Range, kept: number): number[] => {
  const around = defaultRangeExtractor(range);
  if (kept < 0 || kept >= range.count || around.includes(kept)) return around;
  return kept < (around[0] ?? 0) ? [kept, ...around] : [...around, kept];
};

/** Keeps the row at the top of the box where it is when rows before it come or go. */
export const followAnchor = (
  box: () => HTMLElement | undefined,
  rows: Virtualizer<HTMLDivElement, Element>,
  indexes: () => ReadonlyMap<string, number>,
) => {
  let held: { readonly key: string; readonly index: number; readonly below: number } | null = null;
  const note = () => {
    const top = box()?.scrollTop ?? 0;
    const item = rows.getVirtualItemForOffset(top);
    held = item ? { key: String(item.key), index: item.index, below: top - item.start } : null;
  };
  const keep = () => {
    const element = box();
    const index = held && indexes().get(held.key);
    if (!element || !held || index === undefined || index === null) return note();
    if (index === held.index) return;
    const start = rows.measurementsCache[index]?.start;
    if (start !== undefined) element.scrollTop = start + held.below;
    note();
  };
  return { note, keep };
};
