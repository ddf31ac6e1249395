import { CopyButton } from '../components/CopyButton.tsx';
import { PlainText } from '../components/PlainText.tsx';
import { t } from '../words.ts';
import { asError, report, requestOf } from './report.ts';

/** What is shown when not even the frame could be drawn: what happened, to copy, and the way to begin anew. */
export const Crash = (props: { error: unknown }) => (
  <main class="mx-auto flex max-w-column flex-col items-start gap-4 px-4 pt-12">
    <h1 class="text-title font-semibold">{t('app.broken')}</h1>
    <div class="flex w-full items-start gap-2">
      <p class="min-w-0 flex-1 rounded-control bg-log p-3 font-mono text-table">
        <PlainText text={asError(props.error).message} />
      </p>
      <CopyButton text={report(asError(props.error), location.pathname, requestOf(props.error))} label={t('app.copy_report')} />
    </div>
    <button type="button" class="button button-main" onClick={() => location.reload()}>
      {t('app.reload')}
    </button>
  </main>
);
