import { createSignal, onCleanup } from 'solid-js';
import { createEffect } from '../solid.ts';
import { usePreferences } from './preferences.ts';

/** Draws the page in the theme and density that the reader prefers, following the machine where they left the theme to it. */
export const useLook = (): void => {
  const { now } = usePreferences();
  const machine = matchMedia('(prefers-color-scheme: dark)');
  const [dark, setDark] = createSignal(machine.matches);
  const follow = () => setDark(machine.matches);
  machine.addEventListener('change', follow);
  onCleanup(() => machine.removeEventListener('change', follow));
  createEffect(() => {
    const root = document.documentElement.dataset;
    root.theme = (now().theme === 'system' ? dark() : now().theme === 'dark') ? 'dark' : 'light';
    root.density = now().density;
  });
};
