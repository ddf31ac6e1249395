import { useLocation, useNavigate } from '@solidjs/router';
import { createSignal, type ParentProps, Show } from 'solid-js';
import { useActions } from '../actions/actions.tsx';
import { Keys } from '../actions/Keys.tsx';
import { Banner } from '../components/Banner.tsx';
import { Toasts } from '../components/Toasts.tsx';
import { useLive } from '../live/Live.tsx';
import { useSession } from '../session/session.tsx';
import { whenChanged } from '../solid.ts';
import { t } from '../words.ts';
import { StaleBanner } from './Freshness.tsx';
import { RAIL } from './places.ts';
import { Rail } from './Rail.tsx';
import { TopBar } from './TopBar.tsx';

/** Everything around a page: skip link, rail, top bar, banners; the page scrolls inside it. */
export const Frame = (props: ParentProps) => {
  const live = useLive();
  const location = useLocation();
  const session = useSession();
  const navigate = useNavigate();
  const [menu, setMenu] = createSignal(false);
  useActions(() => [
    { id: 'refresh', words: t('keys.refresh'), key: 'R', run: live.readAgain },
    ...RAIL.flatMap(({ href, word, key, needs }) =>
      key === null
        ? []
        : [{ id: `go.${href}`, words: t('keys.go', t(word)), key, run: () => navigate(href), denied: session.may(needs) ? null : needs }],
    ),
  ]);
  whenChanged(
    () => location.pathname,
    () => setMenu(false),
  );

  return (
    <div class="flex h-dvh flex-col">
      <a href="#content" class="button button-main fixed top-2 left-2 z-50 not-focus:sr-only" target="_self">
        {t('app.skip')}
      </a>
      <div class="flex min-h-0 flex-1">
        <Rail open={menu()} close={() => setMenu(false)} />
        <div class="flex min-w-0 flex-1 flex-col">
          <TopBar menu={menu()} toggleMenu={() => setMenu(!menu())} />
          <StaleBanner />
          <Show when={live.updated()}>
            <Banner tone="info">
              <span class="flex-1">{t('app.updated')}</span>
              <button type="button" class="button" onClick={reload}>
                {t('app.reload')}
              </button>
            </Banner>
          </Show>
          <main id="content" tabindex="-1" class="relative flex min-h-0 flex-1 flex-col overflow-y-auto outline-none">
            {props.children}
          </main>
        </div>
      </div>
      <Toasts />
      <Keys />
    </div>
  );
};

const reload = () => window.location.reload();
