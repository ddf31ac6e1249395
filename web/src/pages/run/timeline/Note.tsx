import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { useNow } from '../../../time/clock.ts';
import { t } from '../../../words.ts';
import { plainHold } from '../holds/plain-hold.ts';
import { readHold } from '../holds/read-hold.ts';
import { partsWords } from '../parts.ts';
import type { StepRow } from '../rows.ts';

/** What a bar cannot show: how far the parts are, what is waited for, why a step was left out, kept or paused; null: nothing. */
export function noteOf({ step, status }: StepRow): { readonly says: string; readonly until: string | null } | null {
  if (!step) return null;
  const hold = status === 'waiting' ? readHold(step) : null;
  if (hold) return { says: plainHold(hold), until: 'until' in hold ? hold.until : null };
  const isTold = status === 'skipped' || status === 'paused' || step.kept_from !== null;
  const says = partsWords(step) ?? (isTold ? step.message : null);
  return says === null ? null : { says, until: null };
}

/** The words beside or below a step's bar. */
export const Note = (props: { row: StepRow; class: string }) => (
  <Show when={noteOf(props.row)}>
    {(note) => (
      <span class={`min-w-0 text-meta break-words text-muted ${props.class}`}>
        {note().says}
        <Show when={note().until}>{(at) => <Left at={at()} />}</Show>
      </span>
    )}
  </Show>
);

const Left = (props: { at: string }) => {
  const now = useNow();
  const left = () => Math.ceil((Date.parse(props.at) - now()) / 1000) * 1000;
  return <Show when={left() > 0}>, {t('hold.time_left', formatDuration(left()))}</Show>;
};
