import { keptAt } from '../../form/kept.ts';
import { isObject } from '../../form/kind.ts';

/** What was written and not saved yet, with the version that it began from; null: a job that is not there yet. */
export interface KeptDraft {
  readonly text: string;
  readonly tag: string | null;
}

/** A drawer for the draft that was begun at one place. */
export interface Keeping {
  /** The draft that was begun. A definition names secrets and holds none. */
  read(): KeptDraft | null;
  /** Keeps a draft; null forgets it. False where the browser would not, so that the page can say so. */
  keep(draft: KeptDraft | null): boolean;
}

/** Where what is written about a job is kept. */
export const keepingOf = (place: string): Keeping => {
  const drawer = keptAt(`builder.${place}`);
  return {
    read: () => {
      const kept = drawer.read();
      if (!isObject(kept) || typeof kept.text !== 'string') return null;
      return { text: kept.text, tag: typeof kept.tag === 'string' ? kept.tag : null };
    },
    keep: (draft) => drawer.keep(draft && { ...draft }),
  };
};
