import { Show } from 'solid-js';
import { isSame } from './kind.ts';
import type { FormField } from './settings.ts';
import { shortText } from './texts.ts';
import { t } from './words.ts';

/** What is taken when nothing is given, and the way back to it. */
export const Default = (props: { field: FormField }) => {
  const standard = () => props.field.schema.default;
  return (
    <Show when={standard() !== undefined && !isSame(standard(), props.field.value)}>
      <p class="flex flex-wrap items-center gap-x-2 text-meta text-muted">
        <span class="min-w-0 break-words">{t('form.default', shortText(standard() ?? null))}</span>
        <Show when={props.field.value !== undefined}>
          <button type="button" class="link min-h-6" onClick={() => props.field.change(undefined)}>
            {t('form.use_default')}
          </button>
        </Show>
      </p>
    </Show>
  );
};
