import { createStore, reconcile } from 'solid-js/store';
import { type Preferences, readPreferences } from './read.ts';

const KEY = 'capstan.preferences';

const cached = (): unknown => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null');
  } catch {
    return null;
  }
};

const [preferences, set] = createStore<{ now: Preferences }>({ now: readPreferences(cached()) });

const keep = (): void => {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences.now));
  } catch {
    // Storage is blocked or full: the account has them, and this page until it is closed.
  }
};

/** Takes over what another tab or the account says. */
export const adoptPreferences = (next: Preferences): void => {
  set('now', reconcile(next));
  keep();
};

const listeners = new Set<(part: Partial<Preferences>) => void>();

/** Calls back with each change the reader makes here, until the returned function is called. */
export const onPreferenceChange = (listener: (part: Partial<Preferences>) => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Takes a change at once, keeps it for the next visit, and tells the account. */
const change = (part: Partial<Preferences>): void => {
  adoptPreferences({ ...preferences.now, ...part });
  for (const listener of listeners) listener(part);
};

addEventListener('storage', ({ key }) => key === KEY && set('now', reconcile(readPreferences(cached()))));

/** What the reader prefers, read reactively as `now()`, and the way to change a part of it. */
export const usePreferences = () => ({ now: () => preferences.now, change });
