import type { LogLine } from '../api/views.ts';

/** Lines are fetched and dropped by the block. */
export const BLOCK = 500;
/** Blocks kept: 20,000 lines, whatever the log's length. */
const KEPT = 40;

/** The part of a log that is loaded, by line number from 1; never the whole of a long one. */
export interface LogWindow {
  readonly total: number;
  readonly blocks: ReadonlyMap<number, readonly (LogLine | undefined)[]>;
}

export const EMPTY_WINDOW: LogWindow = { total: 0, blocks: new Map() };

const blockOf = (line: number): number => Math.floor((line - 1) / BLOCK);

/** The loaded line of that number, if it is loaded. */
export const lineAt = (window: LogWindow, line: number): LogLine | undefined => window.blocks.get(blockOf(line))?.[(line - 1) % BLOCK];

/** The window with these lines in it; blocks farthest from them are dropped when there are too many. */
export const withLines = (window: LogWindow, lines: readonly LogLine[], total: number): LogWindow => {
  const blocks = new Map(window.blocks);
  for (const line of lines) {
    const at = blockOf(line.n);
    const block = blocks.get(at);
    const copy = block === window.blocks.get(at) ? [...(block ?? [])] : (block as (LogLine | undefined)[]);
    copy[(line.n - 1) % BLOCK] = line;
    blocks.set(at, copy);
  }
  const here = blockOf(lines[0]?.n ?? 1);
  const far = [...blocks.keys()].sort((one, other) => Math.abs(one - here) - Math.abs(other - here)).slice(KEPT);
  for (const block of far) blocks.delete(block);
  return { total: Math.max(window.total, total), blocks };
};

/** The window knowing that the log has grown. */
export const grown = (window: LogWindow, total: number): LogWindow => (total > window.total ? { ...window, total } : window);

/** The first stretch of lines between two numbers that still has to be fetched, at most a block long; null when all are there. */
export const missing = (window: LogWindow, from: number, to: number): { from: number; limit: number } | null => {
  const last = Math.min(to, window.total);
  for (let line = Math.max(1, from); line <= last; line++) {
    if (lineAt(window, line)) continue;
    const end = Math.min((blockOf(line) + 1) * BLOCK, window.total);
    return { from: line, limit: end - line + 1 };
  }
  return null;
};

/** Chromium cuts an element at 33 million pixels; longer logs are drawn a part of half a million lines at a time. */
export const PART = 500_000;

const PART_STEP = PART / 5;

/** The part that holds a line well inside it: its first and last line number; it moves in steps, so that a growing log rarely moves it. */
export const partOf = (line: number, total: number): { first: number; last: number } => {
  const middle = Math.max(0, Math.min(line, total) - PART / 2);
  const first = total <= PART ? 1 : Math.floor(middle / PART_STEP) * PART_STEP + 1;
  return { first, last: Math.min(first + PART - 1, total) };
};
