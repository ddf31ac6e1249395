import { Match, Switch } from 'solid-js';
import type { RunView, StepSummary } from '../../../api/views.ts';
import type { StepRow } from '../rows.ts';
import { AnswerDialog } from './AnswerDialog.tsx';
import { CancelDialog } from './CancelDialog.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import type { Asked, SteeredStep } from './desk.ts';
import { RerunDialog } from './RerunDialog.tsx';
import { StepMoveDialog } from './StepMoveDialog.tsx';
import { SurgeryDialog } from './SurgeryDialog.tsx';
import { TermsDialog } from './TermsDialog.tsx';

/** What questions are asked about. */
export interface RunDialogsProps {
  readonly run: RunView;
  readonly rows: readonly StepRow[];
  readonly steps: readonly StepSummary[];
  /** A cancel was taken by the server. */
  readonly cancelling: () => void;
}

/** One question, drawn by its own dialog. */
export const Question = (props: RunDialogsProps & { asked: Asked }) => {
  // As it stands now, not as it stood when it was asked about.
  const step = (): SteeredStep => {
    const of = props.asked as Extract<Asked, { step: SteeredStep }>;
    return props.steps.find(({ key }) => key === of.step.key) ?? of.step;
  };
  const is = <W extends Asked['what']>(...words: readonly W[]): W | undefined => words.find((word) => word === props.asked.what);
  return (
    <Switch>
      <Match when={is('cancel')}>
        <CancelDialog run={props.run} rows={props.rows} done={props.cancelling} />
      </Match>
      <Match when={is('delete')}>
        <DeleteDialog run={props.run} />
      </Match>
      <Match when={is('rerun')}>
        <RerunDialog run={props.run} steps={props.steps} start={(props.asked as Extract<Asked, { what: 'rerun' }>).start} />
      </Match>
      <Match when={is('approve', 'reject')}>{(decision) => <AnswerDialog run={props.run} step={step()} decision={decision()} />}</Match>
      <Match when={is('retry', 'skip', 'end')}>{(move) => <StepMoveDialog run={props.run} step={step()} move={move()} />}</Match>
      <Match when={is('interrupt', 'proceed', 'reset')}>
        {(operation) => <SurgeryDialog run={props.run} step={step()} operation={operation()} />}
      </Match>
      <Match when={is('terms')}>
        <TermsDialog run={props.run} step={step()} />
      </Match>
    </Switch>
  );
};
