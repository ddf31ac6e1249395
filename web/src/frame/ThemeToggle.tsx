import Monitor from 'lucide-solid/icons/monitor';
import Moon from 'lucide-solid/icons/moon';
import Sun from 'lucide-solid/icons/sun';
import { Match, Switch } from 'solid-js';
import { chooseTheme, type ThemeChoice, themeChoice } from '../theme/theme.ts';
import { t } from '../words.ts';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const satisfies Record<ThemeChoice, ThemeChoice>;

/** Goes round system, light and dark; its name says which is on. */
export const ThemeToggle = () => {
  const label = () => t('theme.label', t(`theme.${themeChoice()}`));
  return (
    <button
      type="button"
      class="icon-button shrink-0"
      title={label()}
      aria-label={label()}
      onClick={() => chooseTheme(NEXT[themeChoice()])}
    >
      <Switch>
        <Match when={themeChoice() === 'system'}>
          <Monitor size={16} />
        </Match>
        <Match when={themeChoice() === 'light'}>
          <Sun size={16} />
        </Match>
        <Match when={themeChoice() === 'dark'}>
          <Moon size={16} />
        </Match>
      </Switch>
    </button>
  );
};
