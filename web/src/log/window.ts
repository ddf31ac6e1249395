import type { LogLine } from '../api/views.ts';

/** Lines are fetched and dropped by the block. */
export const BLOCK = 500;
/** Blocks kept: 20,000 lines, whatever the log's length, and fewer when lines are long. */
const KEPT = 40;
const MOST_CHARACTERS = 8_000_000;

/** The part of a log, or of its lines that match, that is loaded, by place from 1; never the whole of a long one. */
export interface LogWindow {
  readonly total: number;
  readonly blocks: ReadonlyMap<number, readonly (LogLine | undefined)[]>;
}

export const EMPTY_WINDOW: LogWindow = { total: 0, blocks: new Map() };

const blockOf = (line: number): number => Math.floor((line - 1) / BLOCK);

/** The line of that place, if it is loaded. */
export const lineAt = (window: LogWindow, line: number): LogLine | undefined => window.blocks.get(blockOf(line))?.[(line - 1) % BLOCK];

/** What stands on a screen, with what is just above and below it, whatever it weighs. */
const LEAST_KEPT = 2;

const charactersOf = (lines: readonly (LogLine | undefined)[]): number => lines.reduce((sum, line) => sum + (line?.text.length ?? 0), 0);

/** The window with these lines in it, the first of which has the place `first`; blocks farthest from them are dropped when there are too many. */
export const withLines = (window: LogWindow, first: number, lines: readonly LogLine[], total: number): LogWindow => {
  const blocks = new Map(window.blocks);
  for (const [index, line] of lines.entries()) {
    const at = blockOf(first + index);
    const block = blocks.get(at);
    const copy = block === window.blocks.get(at) ? [...(block ?? [])] : (block as (LogLine | undefined)[]);
    copy[(first + index - 1) % BLOCK] = line;
    blocks.set(at, copy);
  }
  const here = blockOf(first);
  const near = [...blocks.keys()].sort((one, other) => Math.abs(one - here) - Math.abs(other - here));
  let characters = 0;
  for (const [place, block] of near.entries()) {
    characters += charactersOf(blocks.get(block) ?? []);
    if (place > LEAST_KEPT && (place >= KEPT || characters > MOST_CHARACTERS)) blocks.delete(block);
  }
  return { total: Math.max(window.total, total), blocks };
};

/** The window knowing that the log has grown. */
export const grown = (window: LogWindow, total: number): LogWindow => (total > window.total ? { ...window, total } : window);

/** The first stretch of lines between two places that still has to be fetched, at most a block long; null when all are there. */
export const missing = (window: LogWindow, from: number, to: number): { from: number; limit: number } | null => {
  const last = Math.min(to, window.total);
  for (let line = Math.max(1, from); line <= last; line++) {
    if (lineAt(window, line)) continue;
    const end = Math.min((blockOf(line) + 1) * BLOCK, window.total);
    return { from: line, limit: end - line + 1 };
  }
  return null;
};
