import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { visible } from '../../../components/visible.ts';
import { useNow } from '../../../time/clock.ts';
import { plainHold } from '../holds/plain-hold.ts';
import { readHold } from '../holds/read-hold.ts';
import { partsWords } from '../parts.ts';
import type { StepRow } from '../rows.ts';
import { t } from '../words.ts';
import { nextAttemptAt } from './next-attempt.ts';
import { t as said } from './words.ts';

interface Noted {
  readonly says: string;
  /** When what is said is over, or when it happens. */
  readonly until: string | null;
  /** What it is about, where that is known; it may be long. */
  readonly about?: string | undefined;
}

/** What a bar cannot show: how far the parts are, what is waited for, when it is tried again, what it is about, why it was left out, kept or paused; null: nothing. */
export function noteOf({ step, status, retry }: StepRow): Noted | null {
  if (!step) return null;
  const hold = status === 'waiting' ? readHold(step) : null;
  if (hold) return { says: plainHold(hold), until: 'until' in hold ? hold.until : null };
  const next = nextAttemptAt(step, retry);
  if (next !== null) return { says: said('line.next_attempt'), until: isoOf(next), about: step.error?.message };
  const isTold = status === 'skipped' || status === 'paused' || step.kept_from !== null;
  const says = partsWords(step) ?? (isTold ? step.message : hasEnded(status) ? null : step.progress_message);
  return says === null ? null : { says, until: null };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** The words beside or below a step's bar. */
export const Note = (props: { row: StepRow; class: string }) => (
  <Show when={noteOf(props.row)}>
    {(note) => (
      <span
        class={`min-w-0 truncate text-meta text-muted ${props.class}`}
        title={visible([note().says, note().about].filter(Boolean).join(' · '))}
      >
        <bdi>{visible(note().says)}</bdi>
        <Show when={note().until}>{(at) => <Left at={at()} words={'about' in note() ? 'hold.left' : 'hold.time_left'} />}</Show>
        <Show when={note().about}>{(about) => <bdi> · {visible(about())}</bdi>}</Show>
      </span>
    )}
  </Show>
);

const Left = (props: { at: string; words: 'hold.left' | 'hold.time_left' }) => {
  const now = useNow();
  const left = () => Math.ceil((Date.parse(props.at) - now()) / 1000) * 1000;
  return (
    <Show when={left() > 0}>
      {props.words === 'hold.left' ? ' ' : ', '}
      {t(props.words, formatDuration(left()))}
    </Show>
  );
};
