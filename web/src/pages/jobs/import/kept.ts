import { keptAt } from '../../../form/kept.ts';
import { isObject } from '../../../form/kind.ts';
import { type ImportChoices, readChoices } from './choices.ts';

/** Characters of a text that are kept; a longer one comes from a file, which is still there. */
const MOST = 500_000;

/** What was put together for an import and not imported yet. */
export interface KeptImport {
  readonly text: string;
  readonly choices: ImportChoices;
}

/** Where what is put together for an import is kept. */
export const keptImport = () => {
  const drawer = keptAt('import');
  return {
    read: (): KeptImport | null => {
      const kept = drawer.read();
      if (!isObject(kept) || typeof kept.text !== 'string') return null;
      return { text: kept.text, choices: readChoices(kept.choices) };
    },
    /** Keeps a text with its choices; none forgets it. */
    keep: (kept: KeptImport | null): void =>
      void drawer.keep(
        kept === null || kept.text === '' || kept.text.length > MOST ? null : { text: kept.text, choices: { ...kept.choices } },
      ),
  };
};
