import { A, useLocation } from '@solidjs/router';
import { openPalette } from '../actions/palette-layer.ts';
import { visible } from '../components/visible.ts';
import { Page } from '../frame/Page.tsx';
import { wantedIn } from '../url/wanted.ts';
import { t } from '../words.ts';

const LONGEST = 200;

/** An address nobody gave out: says so and looks for what it may have meant. */
export const NotFoundPage = () => {
  const location = useLocation();
  return (
    <Page
      title={t('app.not_found')}
      state={<bdi class="break-all font-mono text-table">{visible(location.pathname.slice(0, LONGEST))}</bdi>}
    >
      <p class="mt-6 max-w-column text-muted">{t('app.not_found_why')}</p>
      <p class="mt-4 flex flex-wrap gap-3">
        <button type="button" class="button button-main" onClick={() => openPalette(wantedIn(location.pathname))}>
          {t('app.search')}
        </button>
        <A class="button" href="/">
          {t('nav.overview')}
        </A>
      </p>
    </Page>
  );
};
