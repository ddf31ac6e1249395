import { useLocation } from '@solidjs/router';
import { Show } from 'solid-js';
import { CopyButton } from '../components/CopyButton.tsx';
import { whenChanged } from '../solid.ts';
import { t } from '../words.ts';
import { Page } from './Page.tsx';

const isMissingChunk = (error: Error): boolean => /dynamically imported module|importing a module script|preload CSS/i.test(error.message);

/** What is shown in place of a page that failed: what happened, to copy, and the way on; never a white page. */
export const Broken = (props: { error: Error; reset: () => void }) => {
  const location = useLocation();
  whenChanged(
    () => location.pathname,
    () => props.reset(),
    'later',
  );
  return (
    <Page title={isMissingChunk(props.error) ? t('app.updated') : t('app.broken')}>
      <Show when={!isMissingChunk(props.error)}>
        <div class="mt-4 flex max-w-column items-start gap-2">
          <pre class="min-w-0 flex-1 overflow-auto rounded-control bg-log p-3 font-mono text-table">{props.error.message}</pre>
          <CopyButton text={props.error.stack ?? props.error.message} />
        </div>
      </Show>
      <button type="button" class="button button-main mt-4 self-start" onClick={() => window.location.reload()}>
        {t('app.reload')}
      </button>
    </Page>
  );
};
