import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import { hasEndedBadly, STATUS_LOOK } from '#jobs/run-state.ts';
import { historyQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { RunView } from '../../../api/views.ts';
import { isLoaded } from '../../../components/Fetched.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { StepActions } from '../actions/StepActions.tsx';
import { causeOf, type StepRow } from '../rows.ts';
import { NextAttempt } from '../steps/NextAttempt.tsx';
import { t } from '../words.ts';
import { t as h } from './words.ts';

/** Whose wish it was, where it was one. */
const whyOf = ({ status, status_actor }: RunView): string =>
  status_actor !== null && (status === 'cancelled' || status === 'paused')
    ? t('run.stopped', STATUS_LOOK[status].word, status_actor)
    : t('run.why');

interface CauseProps {
  readonly run: RunView;
  readonly rows: readonly StepRow[];
  readonly logOf: (key: string) => string;
  readonly stepOf: (key: string) => string;
}

/** What a banner means by its colour: it failed, it waits for something, or somebody wanted it so. */
const toneOf = (status: RunView['status']): string => {
  if (status === 'cancelled') return 'bg-bg1';
  return hasEndedBadly(status) ? 'bg-failure' : 'bg-warning';
};

/** Why the run did not end well, in one sentence, with the way to the first error; or what it waits for, with what can be done about it. */
export const Cause = (props: CauseProps) => (
  <Show when={causeOf(props.run, props.rows)} fallback={<Paused run={props.run} />}>
    {(cause) => {
      const waits = () => cause().row?.status === 'waiting' && !cause().row?.step?.error;
      return (
        <div class={`mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control px-4 py-2 ${toneOf(props.run.status)}`}>
          <p class="min-w-0 flex-1 basis-60 break-words">
            <span class="font-semibold">{whyOf(props.run)}:</span> <PlainText text={cause().says} first={600} />
            <Show when={cause().row}>{(row) => <NextAttempt row={row()} zone={props.run.timezone} before=" " />}</Show>
          </p>
          <Show when={cause().row?.step && cause().row}>
            {(row) => (
              <span class="flex flex-wrap items-center gap-2 print:hidden">
                <Show when={row().status === 'waiting' && row().step}>{(step) => <StepActions run={props.run} step={step()} brief />}</Show>
                <A class="button" href={waits() ? props.stepOf(row().key) : props.logOf(row().key)}>
                  {waits() ? t('run.go_to_step') : t('run.first_error')}
                </A>
              </span>
            )}
          </Show>
        </div>
      );
    }}
  </Show>
);

/** Who has paused the run and why; the row keeps the reason only until a step of it ends, its history for good. */
const Paused = (props: { run: RunView }) => {
  const isPaused = () => props.run.status === 'paused';
  const history = useQuery(() => ({ ...historyQuery(props.run.id), enabled: isPaused() }));
  const reason = () =>
    isLoaded(history) ? history.data?.items.findLast(({ step_key, status }) => step_key === '' && status === 'paused')?.message : null;
  return (
    <Show when={isPaused()}>
      <p class={`mt-3 rounded-control px-4 py-2 break-words ${toneOf(props.run.status)}`}>
        <span class="font-semibold">{whyOf(props.run)}:</span>{' '}
        <Show when={reason()}>{(why) => <PlainText text={`${why()}; `} first={600} />}</Show>
        {h('state.paused')}
      </p>
    </Show>
  );
};
