import { createSignal, Show } from 'solid-js';
import type { RunView } from '../../../api/views.ts';
import { Checkbox } from '../../../components/Checkbox.tsx';
import { Confirm } from '../../../components/Confirm.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { dismiss, type SteeredStep } from './desk.ts';
import { operateStep } from './moves.ts';
import { lacking, nameOf } from './names.ts';
import { tellOperated } from './tell-operated.ts';
import { t } from './words.ts';

const SURGERIES = { interrupt: 'pause', proceed: 'resume', reset: 'reset' } as const;

/** Asks before a step is interrupted, let go on, or begun anew while it runs; each needs a reason. */
export const SurgeryDialog = (props: { run: RunView; step: SteeredStep; operation: keyof typeof SURGERIES }) => {
  const [reason, setReason] = createSignal('');
  const [force, setForce] = createSignal(false);
  const [missing, setMissing] = createSignal(false);
  const interrupts = () => props.operation !== 'proceed';
  return (
    <Confirm
      open
      close={dismiss}
      title={t(`${props.operation}.title`, props.step.key, nameOf(props.run))}
      effect={t(`${props.operation}.effect`)}
      keep={t('step.keep')}
      act={t(`${props.operation}.act`)}
      look={interrupts() ? 'danger' : 'main'}
      fieldsFirst
      lacks={lacking(props.run, 'run:steer')}
      run={async (key) => {
        setMissing(reason().trim() === '');
        if (missing()) return false;
        const asked = { reason: reason().trim(), ...(interrupts() && force() && { force: true }) };
        tellOperated(
          await operateStep(props.run.id, props.step.key, SURGERIES[props.operation], asked, key),
          t(`${props.operation}.done`, props.step.key),
        );
        return true;
      }}
    >
      {() => (
        <>
          <ReasonField
            value={reason()}
            change={setReason}
            required
            focusFirst
            error={missing() && reason().trim() === '' ? t('step.reason_missing') : undefined}
          />
          <Show when={interrupts()}>
            <Checkbox label={t('step.force')} checked={force()} change={setForce} />
          </Show>
        </>
      )}
    </Confirm>
  );
};
