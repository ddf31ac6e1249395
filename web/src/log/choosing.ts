import type { Stretch } from './folds.ts';

/** What was chosen, and the line from which choosing goes on in either direction. */
interface Choosing {
  readonly chosen: () => Stretch | null;
  readonly choose: (lines: Stretch | null) => void;
  readonly lines: () => number;
  /** The line at the top, where choosing by keys begins. */
  readonly top: () => number;
  /** The line above or below a line, as they are shown. */
  readonly beside: (line: number, by: 1 | -1) => number;
}

const ARROWS: { readonly [key: string]: 1 | -1 } = { ArrowDown: 1, ArrowUp: -1 };

/** Lines chosen by click and Shift-click on their numbers, or by Shift and arrow keys. */
export const createChoosing = ({ chosen, choose, lines, top, beside }: Choosing) => {
  let pivot: number | null = null;
  let moving: number | null = null;

  const to = (line: number, extend: boolean) => {
    const now = chosen();
    if (!extend || !now) pivot = line;
    else if (pivot === null || (pivot !== now.from && pivot !== now.to)) pivot = now.from;
    moving = line;
    const from = pivot ?? line;
    choose({ from: Math.min(from, line), to: Math.max(from, line) });
  };

  const step = (by: 1 | -1, extend: boolean) => {
    const now = chosen();
    if (!now) return to(top(), false);
    const from = moving === now.from || moving === now.to ? moving : now.to;
    return to(Math.max(1, Math.min(lines(), beside(from, by))), extend);
  };

  return {
    click: (line: number, extend: boolean) => {
      const now = chosen();
      if (!extend && now?.from === line && now.to === line) choose(null);
      else to(line, extend);
    },
    /** Takes a key of the log; answers whether it meant something here. */
    key: (event: KeyboardEvent): boolean => {
      const isChosen = chosen() !== null;
      if (event.altKey) return false;
      if (event.ctrlKey || event.metaKey) {
        if (event.key.toLowerCase() !== 'a' || lines() === 0) return false;
        choose({ from: 1, to: lines() });
        return true;
      }
      const by = ARROWS[event.key];
      if (event.key === 'Escape' && isChosen) choose(null);
      else if (by !== undefined && (isChosen || event.shiftKey)) step(by, event.shiftKey);
      else return false;
      return true;
    },
  };
};
