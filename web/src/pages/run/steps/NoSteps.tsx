import { Show } from 'solid-js';
import type { StepRow } from '../rows.ts';
import type { StepsSearch } from './search.ts';
import { t } from './words.ts';

/** Why no step is shown, with the way to all of them. */
export const NoSteps = (props: { rows: readonly StepRow[]; change: (part: Partial<StepsSearch>) => void }) => (
  <Show when={props.rows.length > 0} fallback={<p class="py-6 text-muted">{t('steps.no_plan')}</p>}>
    <p class="flex flex-wrap items-center gap-3 py-6">
      {t('steps.none')}
      <button type="button" class="button" onClick={() => props.change({ problems: false, filter: '', tag: '' })}>
        {t('steps.all')}
      </button>
    </p>
  </Show>
);
