import { formatBytes } from '../../../bytes.ts';
import { visible } from '../../../components/visible.ts';
import { t } from '../words.ts';

/** Characters that are shown. */
const SHOWN = 2_000;

/** A text that is too long to be edited here: how long it is, how it begins, and a way to be rid of it. */
export const LongText = (props: { text: string; discard: () => void }) => (
  <section aria-label={t('import.text')}>
    <p class="flex flex-wrap items-center gap-x-3">
      <span class="min-w-0">{t('import.long_text', formatBytes(new Blob([props.text]).size))}</span>
      <button type="button" class="button" onClick={() => props.discard()}>
        {t('import.discard')}
      </button>
    </p>
    <p class="mt-2 max-h-64 overflow-y-auto rounded-control bg-log p-4 font-mono text-table">
      <bdi class="break-words whitespace-pre-wrap">{visible(props.text.slice(0, SHOWN))}…</bdi>
    </p>
  </section>
);
