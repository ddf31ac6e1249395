import { A } from '@solidjs/router';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import Menu from 'lucide-solid/icons/menu';
import RefreshCw from 'lucide-solid/icons/refresh-cw';
import Search from 'lucide-solid/icons/search';
import UserRound from 'lucide-solid/icons/user-round';
import { For, Show } from 'solid-js';
import { KeyCaps } from '../actions/KeyCaps.tsx';
import { isMac } from '../actions/key-event.ts';
import { openPalette } from '../actions/palette-layer.ts';
import { IconButton } from '../components/IconButton.tsx';
import { LateButton } from '../components/LateButton.tsx';
import { useLive } from '../live/Live.tsx';
import { useSession } from '../session/session.tsx';
import { t } from '../words.ts';
import { FreshnessMark } from './Freshness.tsx';
import { trail } from './Page.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';

/** Where the reader is, how fresh it is, and the reader's own things. */
export const TopBar = (props: { menu: boolean; toggleMenu: () => void }) => (
  <header class="flex h-12 shrink-0 items-center gap-1 border-b border-hairline px-2 md:px-6">
    <button
      type="button"
      class="icon-button md:hidden"
      aria-label={t('app.menu')}
      aria-expanded={props.menu}
      aria-controls="rail"
      onClick={() => props.toggleMenu()}
    >
      <Menu size={20} />
    </button>
    <ol class="flex min-w-0 flex-1 items-center gap-1 text-muted max-md:pl-1">
      <For each={trail()}>
        {(place, at) => (
          <li
            class={`flex min-w-0 items-center gap-1 ${place.href ? 'max-w-24 shrink-0 md:max-w-2/5' : ''} ${at() < trail().length - 2 ? 'max-md:hidden' : ''}`}
          >
            <Show when={at() > 0}>
              <ChevronRight size={16} class={`shrink-0 ${place.href ? 'max-md:hidden' : ''}`} />
            </Show>
            <Show when={place.href} fallback={<span class="truncate text-text">{place.word}</span>}>
              {(href) => (
                <A href={href()} class="quiet-link min-w-6 truncate hover:text-text">
                  {place.word}
                </A>
              )}
            </Show>
          </li>
        )}
      </For>
    </ol>
    <PaletteButton />
    <FreshnessMark />
    <RefreshButton />
    <ThemeToggle />
    <UserButton />
  </header>
);

const USER = 'icon-button shrink-0';

/** The way to what is the reader's own. */
const UserButton = () => {
  const session = useSession();
  const label = () => t('user.menu', session.me()?.user.name ?? '');
  return (
    <LateButton
      opens="menu"
      class={USER}
      face={<UserRound size={16} />}
      label={label()}
      title={label()}
      load={async () => (await import('./UserMenu.tsx')).UserMenu}
    >
      {(Layer, opening) => <Layer class={USER} face={<UserRound size={16} />} opening={opening} />}
    </LateButton>
  );
};

/** The way to the palette for who does not know its key. */
const PaletteButton = () => (
  <button
    type="button"
    class="flex h-8 shrink-0 items-center gap-2 rounded-control border border-control px-2 text-muted hover:bg-bg2 hover:text-text max-lg:border-transparent"
    title={t('palette.title')}
    onClick={() => openPalette()}
  >
    <Search size={16} class="shrink-0" />
    <span class="max-lg:sr-only">{t('palette.open')}</span>
    <span class="pl-4 max-lg:hidden" aria-hidden="true">
      <KeyCaps keys={isMac ? '⌘ K' : 'Ctrl K'} />
    </span>
  </button>
);

/** Reads again what is on screen, as `R` does. */
const RefreshButton = () => {
  const live = useLive();
  return (
    <IconButton class="max-md:hidden" label={t('keys.refresh')} press={() => live.readAgain()}>
      <RefreshCw size={16} />
    </IconButton>
  );
};
