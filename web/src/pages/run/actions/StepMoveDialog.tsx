import { createSignal } from 'solid-js';
import type { RunView } from '../../../api/views.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { dismiss, type SteeredStep } from './desk.ts';
import { moveStep } from './moves.ts';
import { lacking, nameOf } from './names.ts';
import { t } from './words.ts';

const MOVES = { retry: 'retry', skip: 'skip', end: 'cancel' } as const;

/** Asks before a step is run again in its run, skipped, or ended alone. */
export const StepMoveDialog = (props: { run: RunView; step: SteeredStep; move: keyof typeof MOVES }) => {
  const [reason, setReason] = createSignal('');
  const [missing, setMissing] = createSignal(false);
  const needsReason = () => props.move === 'skip';
  const where = () => (props.step.target ? t('step.on', props.step.key, props.step.target) : props.step.key);
  return (
    <Confirm
      open
      close={dismiss}
      title={t(`${props.move}.title`, where(), nameOf(props.run))}
      effect={t(`${props.move}.effect`)}
      keep={t('step.keep')}
      act={t(`${props.move}.act`)}
      look={props.move === 'retry' ? 'main' : 'danger'}
      fieldsFirst={needsReason()}
      lacks={lacking(props.run, 'run:steer')}
      run={async (key) => {
        if (needsReason() && reason().trim() === '') {
          setMissing(true);
          return false;
        }
        await moveStep(props.run.id, props.step.key, MOVES[props.move], reason().trim(), key);
        toast({ says: t(`${props.move}.done`, props.step.key) });
        return true;
      }}
    >
      {() => (
        <ReasonField
          value={reason()}
          change={setReason}
          required={needsReason()}
          focusFirst={needsReason()}
          error={missing() && reason().trim() === '' ? t('step.reason_missing') : undefined}
        />
      )}
    </Confirm>
  );
};
