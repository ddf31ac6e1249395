import { Show } from 'solid-js';
import { Until } from '../holds/Until.tsx';
import type { StepRow } from '../rows.ts';
import { nextAttemptAt } from '../timeline/next-attempt.ts';
import { t } from './words.ts';

/** When a step that failed is tried again: the moment, and how long until then; nothing where nobody knows. */
export const NextAttempt = (props: { row: StepRow; zone: string | null; before?: string }) => {
  const at = () => (props.row.step ? nextAttemptAt(props.row.step, props.row.retry) : null);
  return (
    <Show when={at()}>
      {(ms) => (
        <span>
          {props.before}
          {t('steps.next_attempt')} <Until at={new Date(ms()).toISOString()} zone={props.zone} />
        </span>
      )}
    </Show>
  );
};
