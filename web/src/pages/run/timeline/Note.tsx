import { type JSX, Show } from 'solid-js';
import { t } from '../../../words.ts';
import { plainHold } from '../holds/plain-hold.ts';
import { readHold } from '../holds/read-hold.ts';
import { Until } from '../holds/Until.tsx';
import { partsWords } from '../parts.ts';
import type { StepRow } from '../rows.ts';

/** What a bar cannot show: how far the parts are, what is waited for, why a step was left out, kept or paused. */
export const Note = (props: { row: StepRow; zone: string | null }) => {
  const says = (): JSX.Element | null => {
    const { step, status } = props.row;
    if (!step) return null;
    const parts = partsWords(step);
    if (parts !== null) return parts;
    const hold = status === 'waiting' ? readHold(step) : null;
    if (hold) {
      const until = 'until' in hold ? hold.until : null;
      return (
        <>
          {plainHold(hold)}
          <Show when={until}>
            {(at) => (
              <>
                {' '}
                {t('hold.until').toLowerCase()} <Until at={at()} zone={props.zone} />
              </>
            )}
          </Show>
        </>
      );
    }
    return status === 'skipped' || status === 'paused' || step.kept_from !== null ? step.message : null;
  };
  return (
    <Show when={says()}>
      {(words) => (
        <span class="col-start-1 col-end-3 truncate pl-6 text-meta text-muted max-md:order-4 max-md:col-end-3 md:col-start-2 md:col-end-4 md:pl-0">
          {words()}
        </span>
      )}
    </Show>
  );
};
