import { A } from '@solidjs/router';
import { Page } from '../frame/Page.tsx';
import { t } from '../words.ts';

/** An address nobody gave out. */
export const NotFoundPage = () => (
  <Page title={t('app.not_found')}>
    <p class="mt-4">
      <A class="link" href="/runs">
        {t('nav.runs')}
      </A>
    </p>
  </Page>
);
