import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { For, Show } from 'solid-js';
import { useQuery } from '../api/use-query.ts';
import { atMostEvery } from '../live/at-most-every.ts';
import { useTopic } from '../live/Live.tsx';
import { useSession } from '../session/session.tsx';
import { grouped } from '../words/counted.ts';
import { t } from '../words.ts';
import { Logo } from './Logo.tsx';
import { trail } from './Page.tsx';
import { RAIL } from './places.ts';
import { waitingForMeQuery } from './waiting.ts';

const COUNT_MS = 15_000;
/** How the place that is open looks, and the one that the way to the open page begins at: the same in other words, as a link forgets one when it takes up the other. */
const OPEN = 'bg-selected font-semibold';
const WAY = 'font-semibold bg-selected';

/** The places of the page: words beside icons, icons alone under 1024 px, a menu under 768. */
export const Rail = (props: { open: boolean; close: () => void }) => {
  const session = useSession();
  const places = () => RAIL.filter(({ needs }) => session.may(needs));
  return (
    <nav
      id="rail"
      aria-label={t('app.pages')}
      class={`shrink-0 border-hairline bg-bg1 max-md:absolute max-md:top-12 max-md:right-0 max-md:left-0 max-md:z-30 max-md:border-b md:w-14 md:border-r lg:w-[200px] ${props.open ? '' : 'max-md:hidden'}`}
      onKeyDown={(event) => event.key === 'Escape' && props.close()}
    >
      <A href="/" class="flex h-12 items-center gap-2 px-4 text-section font-semibold max-md:hidden" aria-label={t('app.name')}>
        <Logo class="size-6 shrink-0 text-accent" />
        <span class="hidden lg:inline">{t('app.name')}</span>
      </A>
      <ul class="flex flex-col gap-1 p-2">
        <For each={places()}>
          {({ href, word, icon: Icon }) => (
            <li>
              <A
                href={href}
                end={href === '/'}
                class="relative flex h-8 items-center gap-3 rounded-control px-3 hover:bg-bg2 max-md:h-10"
                activeClass={OPEN}
                inactiveClass={trail()[0]?.href === href ? WAY : 'text-muted'}
                title={t(word)}
              >
                <Icon size={16} class="shrink-0" />
                <span class="md:sr-only lg:not-sr-only">{t(word)}</span>
                <Show when={href === '/runs'}>
                  <WaitingForMe />
                </Show>
              </A>
            </li>
          )}
        </For>
      </ul>
    </nav>
  );
};

/** How many approvals the reader may give and has not. */
const WaitingForMe = () => {
  const queries = useQueryClient();
  const query = useQuery(waitingForMeQuery);
  const recount = atMostEvery(COUNT_MS, () => void queries.invalidateQueries({ queryKey: waitingForMeQuery().queryKey }));
  useTopic(() => 'notices', recount);
  const count = () => query.data ?? 0;
  return (
    <Show when={count() > 0}>
      <span
        class="tone-waiting ml-auto text-meta font-semibold text-(--tone) md:max-lg:absolute md:max-lg:top-0 md:max-lg:right-1"
        title={t('nav.waiting', grouped(count()))}
      >
        {grouped(count())}
        <span class="sr-only">{t('nav.waiting_word')}</span>
      </span>
    </Show>
  );
};
