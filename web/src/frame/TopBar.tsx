import { A } from '@solidjs/router';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import Menu from 'lucide-solid/icons/menu';
import { For, Show } from 'solid-js';
import { t } from '../words.ts';
import { FreshnessMark } from './Freshness.tsx';
import { trail } from './Page.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';
import { UserMenu } from './UserMenu.tsx';

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
          <li class="flex min-w-0 items-center gap-1">
            <Show when={at() > 0}>
              <ChevronRight size={16} class="shrink-0" />
            </Show>
            <Show when={place.href} fallback={<span class="truncate text-text">{place.word}</span>}>
              {(href) => (
                <A href={href()} class="truncate hover:text-text hover:underline">
                  {place.word}
                </A>
              )}
            </Show>
          </li>
        )}
      </For>
    </ol>
    <FreshnessMark />
    <ThemeToggle />
    <UserMenu />
  </header>
);
