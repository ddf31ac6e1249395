import { A } from '@solidjs/router';
import KeyRound from 'lucide-solid/icons/key-round';
import ListChecks from 'lucide-solid/icons/list-checks';
import Play from 'lucide-solid/icons/play';
import Server from 'lucide-solid/icons/server';
import Workflow from 'lucide-solid/icons/workflow';
import { For } from 'solid-js';
import { useSession } from '../session/session.tsx';
import { t } from '../words.ts';
import { Logo } from './Logo.tsx';

const PLACES = [
  { href: '/runs', word: 'nav.runs', icon: Play, needs: 'run:read' },
  { href: '/jobs', word: 'nav.jobs', icon: Workflow, needs: 'job:read' },
  { href: '/targets', word: 'nav.targets', icon: Server, needs: 'target:read' },
  { href: '/credentials', word: 'nav.credentials', icon: KeyRound, needs: 'credential:read' },
  { href: '/workers', word: 'nav.workers', icon: ListChecks, needs: 'worker:read' },
] as const;

/** The places of the page: words beside icons, icons alone under 1024 px, a menu under 768. */
export const Rail = (props: { open: boolean; close: () => void }) => {
  const session = useSession();
  const places = () => PLACES.filter(({ needs }) => session.may(needs));
  return (
    <nav
      id="rail"
      aria-label={t('app.pages')}
      class={`shrink-0 border-hairline bg-bg1 max-md:absolute max-md:top-12 max-md:right-0 max-md:left-0 max-md:z-30 max-md:border-b md:w-14 md:border-r lg:w-[200px] ${props.open ? '' : 'max-md:hidden'}`}
      onKeyDown={(event) => event.key === 'Escape' && props.close()}
    >
      <A href="/runs" class="flex h-12 items-center gap-2 px-4 text-section font-semibold max-md:hidden" aria-label={t('app.name')}>
        <Logo class="size-6 shrink-0 text-accent" />
        <span class="hidden lg:inline">{t('app.name')}</span>
      </A>
      <ul class="flex flex-col gap-1 p-2">
        <For each={places()}>
          {({ href, word, icon: Icon }) => (
            <li>
              <A
                href={href}
                class="flex h-8 items-center gap-3 rounded-control px-3 hover:bg-bg2 max-md:h-10"
                activeClass="bg-selected font-semibold"
                inactiveClass="text-muted"
                title={t(word)}
              >
                <Icon size={16} class="shrink-0" />
                <span class="md:sr-only lg:not-sr-only">{t(word)}</span>
              </A>
            </li>
          )}
        </For>
      </ul>
    </nav>
  );
};
