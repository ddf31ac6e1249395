import Monitor from 'lucide-solid/icons/monitor';
import Moon from 'lucide-solid/icons/moon';
import Sun from 'lucide-solid/icons/sun';
import { Match, Switch } from 'solid-js';
import type { Theme } from '../api/views.ts';
import { IconButton } from '../components/IconButton.tsx';
import { usePreferences } from '../preferences/preferences.ts';
import { t } from '../words.ts';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const satisfies Record<Theme, Theme>;

/** Goes round system, light and dark; its name says which is on. */
export const ThemeToggle = () => {
  const { now, change } = usePreferences();
  const label = () => t('theme.label', t(`theme.${now().theme}`));
  return (
    <IconButton label={label()} press={() => change({ theme: NEXT[now().theme] })}>
      <Switch>
        <Match when={now().theme === 'system'}>
          <Monitor size={16} />
        </Match>
        <Match when={now().theme === 'light'}>
          <Sun size={16} />
        </Match>
        <Match when={now().theme === 'dark'}>
          <Moon size={16} />
        </Match>
      </Switch>
    </IconButton>
  );
};
