import type { Json } from '#jobs/json.ts';
import { TYPED, whoseTyped } from '../session/typed.ts';

/** A drawer of this tab for what is typed at one place and not sent yet. */
export interface Drawer {
  /** What was typed; null when nothing was, or the browser keeps nothing. */
  read(): Json;
  /** Keeps what is typed, secrets never; null forgets it. False where the browser would not, or the tab is another person's by now. */
  keep(typed: Json): boolean;
}

/** The drawer at a place, for whoever has the tab now: the session empties all of them when it ends, and a page that is still being left then fills none. */
export const keptAt = (place: string): Drawer => {
  const key = TYPED + place;
  const owner = whoseTyped();
  return {
    read: () => {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? 'null');
      } catch {
        return null;
      }
    },
    keep: (typed) => {
      try {
        if (typed === null) sessionStorage.removeItem(key);
        else if (owner !== null && owner !== whoseTyped()) return false;
        else sessionStorage.setItem(key, JSON.stringify(typed));
        return true;
      } catch {
        return false;
      }
    },
  };
};
