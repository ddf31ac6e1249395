import { createSignal } from 'solid-js';

const KEY = 'capstan.theme';

/** What the reader chose; `system` follows the machine. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const stored = (): ThemeChoice => {
  try {
    const said = localStorage.getItem(KEY);
    return said === 'light' || said === 'dark' ? said : 'system';
  } catch {
    return 'system';
  }
};

const [choice, setChoice] = createSignal<ThemeChoice>(stored());
const system = matchMedia('(prefers-color-scheme: dark)');

const apply = () => {
  const dark = choice() === 'system' ? system.matches : choice() === 'dark';
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
};

system.addEventListener('change', apply);

/** The reader's choice of theme. */
export const themeChoice = choice;

/** Takes the theme at once and keeps it for the next visit, where storage allows. */
export const chooseTheme = (next: ThemeChoice): void => {
  setChoice(next);
  apply();
  try {
    if (next === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
};
