import { useLocation } from '@solidjs/router';
import { createSignal, type ParentProps, Show } from 'solid-js';
import { Banner } from '../components/Banner.tsx';
import { Toasts } from '../components/Toasts.tsx';
import { useLive } from '../live/Live.tsx';
import { whenChanged } from '../solid.ts';
import { t } from '../words.ts';
import { StaleBanner } from './Freshness.tsx';
import { Rail } from './Rail.tsx';
import { TopBar } from './TopBar.tsx';

/** Everything around a page: skip link, rail, top bar, banners; the page scrolls inside it. */
export const Frame = (props: ParentProps) => {
  const live = useLive();
  const location = useLocation();
  const [menu, setMenu] = createSignal(false);
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
          <main id="content" tabindex="-1" class="flex min-h-0 flex-1 flex-col overflow-y-auto outline-none">
            {props.children}
          </main>
        </div>
      </div>
      <Toasts />
    </div>
  );
};

const reload = () => window.location.reload();
