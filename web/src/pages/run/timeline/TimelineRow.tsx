import { A } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import type { StepRow } from '../rows.ts';
import { type Attempts, barsOf } from './bars.ts';
import type { Line } from './line.ts';
import { Note, noteOf } from './Note.tsx';
import { Track } from './Track.tsx';
import { t } from './words.ts';

/** Columns that rows and their head share: name, time, duration. */
export const GRID =
  'grid grid-cols-[minmax(0,1fr)_auto] content-start gap-x-3 px-2 md:grid-cols-[minmax(120px,max(220px,24%))_minmax(0,1fr)_72px] md:px-3';

const ROW = 28;
const NOTE = 16;
const NARROW_TRACK = 20;

/** The height of a row, known before it is drawn: room for its bars, and for words that do not fit beside them. */
export const heightOf = (row: StepRow, isNarrow: boolean): number => {
  const note = noteOf(row) !== null;
  if (isNarrow) return ROW + (isDrawn(row) ? NARROW_TRACK : 0) + (note ? NOTE : 0);
  return note && isDrawn(row) ? ROW + NOTE : ROW;
};

/** Whether anything of it stands on the time line. */
const isDrawn = ({ step }: StepRow): boolean => step !== null && step.kept_from === null && (step.started_at ?? step.hold) !== null;

interface TimelineRowProps {
  readonly row: StepRow;
  readonly line: Line;
  readonly now: () => number;
  readonly runs: boolean;
  readonly attempts: Attempts;
  readonly readyAt: number | null;
  readonly isChosen: boolean;
  readonly isCritical: boolean;
  readonly href: string;
}

/** A step or part on the time line; the whole row is the link that chooses it. */
export const TimelineRow = (props: TimelineRowProps) => {
  const bars = createMemo(() => {
    const { step } = props.row;
    return step ? barsOf(step, hasEnded(step.status) ? 0 : props.now(), props.attempts, props.readyAt) : [];
  });
  return (
    <A
      href={props.href}
      noScroll
      replace
      aria-current={props.isChosen ? 'true' : undefined}
      activeClass=""
      inactiveClass=""
      data-key={props.row.key}
      class={`${GRID} h-full items-center -outline-offset-2 hover:bg-bg2 ${props.isChosen ? 'bg-selected' : ''}`}
    >
      <span class={`flex h-7 min-w-0 items-center gap-2 ${props.row.isPart ? 'pl-6' : ''}`}>
        <StatusIcon
          status={props.row.status}
          waitingFor={props.row.step?.waiting_for ?? null}
          attempt={props.row.step?.attempt}
          attemptsAllowed={props.row.step?.attempts_allowed ?? undefined}
        />
        <bdi
          class={`truncate ${props.isCritical ? 'font-semibold' : ''}`}
          title={[props.row.name, props.row.type, ...(props.isCritical ? [t('line.critical')] : [])].join(' · ')}
        >
          {props.row.name}
        </bdi>
      </span>
      <Show
        when={isDrawn(props.row) || noteOf(props.row) === null}
        fallback={<Note row={props.row} class="max-md:order-3 max-md:col-span-2 max-md:pl-6" />}
      >
        <Track
          class={`max-md:order-3 max-md:col-span-2 ${isDrawn(props.row) ? '' : 'max-md:hidden'}`}
          bars={bars()}
          line={props.line}
          now={props.runs ? props.now() : null}
          isCritical={props.isCritical}
        />
      </Show>
      <span class="flex h-7 items-center justify-end text-table text-muted max-md:order-2">
        <Show when={props.row.step}>{(step) => <Elapsed from={step().started_at} to={step().ended_at} ms={step().duration_ms} />}</Show>
      </span>
      <Show when={isDrawn(props.row)}>
        <Note row={props.row} class="-mt-0.5 block h-4 max-md:order-4 max-md:col-span-2 max-md:pl-6 md:col-start-2 md:col-end-4" />
      </Show>
    </A>
  );
};
