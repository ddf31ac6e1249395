import type { Preferences } from './read.ts';

const KEY = 'capstan.preferences.unsaved';

type Part = Partial<Preferences>;

/** What this person has changed in this browser and their account does not say yet; what another one changed is dropped. */
export const readUnsaved = (person: string): Part => {
  try {
    const { whose, part } = JSON.parse(localStorage.getItem(KEY) ?? 'null') ?? {};
    if (whose === person && typeof part === 'object' && part !== null) return part;
    localStorage.removeItem(KEY);
  } catch {
    // Storage is blocked or what it holds is damaged: the account alone counts.
  }
  return {};
};

/** Keeps what a person's account does not say yet, beyond this page; nothing is left of an empty part. */
export const keepUnsaved = (person: string, part: Part): void => {
  try {
    if (Object.keys(part).length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify({ whose: person, part }));
  } catch {
    // Storage is blocked or full: it is kept as long as this page.
  }
};
