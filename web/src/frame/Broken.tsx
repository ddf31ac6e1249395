import { useLocation } from '@solidjs/router';
import { Match, Show, Switch } from 'solid-js';
import { ApiProblem } from '../api/problem.ts';
import { CopyButton } from '../components/CopyButton.tsx';
import { Refusal } from '../components/Fetched.tsx';
import { PlainText } from '../components/PlainText.tsx';
import { RequestNamed } from '../components/RequestId.tsx';
import { whenChanged } from '../solid.ts';
import { t } from '../words.ts';
import { Page } from './Page.tsx';
import { asError, report, requestOf } from './report.ts';

const isMissingChunk = (error: unknown): boolean =>
  error instanceof Error && /dynamically imported module|importing a module script|preload CSS/i.test(error.message);

/** What is shown in place of a page that failed: what happened, to copy, and the way on; never a white page. */
export const Broken = (props: { error: unknown; reset: () => void }) => {
  const location = useLocation();
  const error = () => asError(props.error);
  const request = requestOf(props.error);
  whenChanged(
    () => location.pathname,
    () => props.reset(),
    'later',
  );
  return (
    <Switch>
      <Match when={isMissingChunk(props.error)}>
        <Page title={t('app.updated')}>
          <p class="mt-4 max-w-column text-muted">{t('app.updated_why')}</p>
          <button type="button" class="button button-main mt-4 self-start" onClick={() => window.location.reload()}>
            {t('app.reload')}
          </button>
        </Page>
      </Match>
      <Match when={props.error instanceof ApiProblem}>
        <Page title={t('app.broken')}>
          <Refusal error={error()} retry={props.reset} />
        </Page>
      </Match>
      <Match when={true}>
        <Page title={t('app.broken')}>
          <div class="mt-4 flex max-w-column items-start gap-2">
            <pre class="min-w-0 flex-1 overflow-auto rounded-control bg-log p-3 font-mono text-table">
              <PlainText text={error().message} />
            </pre>
            <CopyButton text={report(error(), location.pathname, request)} label={t('app.copy_report')} />
          </div>
          <Show when={request}>{(id) => <RequestNamed id={id()} />}</Show>
          <p class="mt-4 flex flex-wrap gap-3">
            <button type="button" class="button button-main" onClick={() => props.reset()}>
              {t('fetched.retry')}
            </button>
            <button type="button" class="button" onClick={() => window.location.reload()}>
              {t('app.reload')}
            </button>
          </p>
        </Page>
      </Match>
    </Switch>
  );
};
