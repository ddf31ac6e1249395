import { createSignal, Show } from 'solid-js';
import type { RunView } from '../../../api/views.ts';
import { Checkbox } from '../../../components/Checkbox.tsx';
import { Confirm } from '../../../components/Confirm.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { hasParts, type StepRow } from '../rows.ts';
import { t as shared } from '../words.ts';
import { dismiss } from './desk.ts';
import { cancelRun } from './moves.ts';
import { lacking, nameOf } from './names.ts';
import { t } from './words.ts';

/** Steps that are named; the others are counted. */
const MOST_NAMED = 8;

/** Asks before a run is cancelled, and names what runs now and is killed. */
export const CancelDialog = (props: { run: RunView; rows: readonly StepRow[]; done: () => void }) => {
  const [reason, setReason] = createSignal('');
  const [force, setForce] = createSignal(false);
  const running = () => props.rows.filter((row) => row.status === 'running' && !(row.step && hasParts(row.step)));
  const named = () => {
    const names = running().map(({ key, step }) => (step?.target ? `${key} ${shared('steps.on', step.target)}` : key));
    const more = names.length - MOST_NAMED;
    return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [t('cancel.kills_more', more)] : [])].join(', ');
  };
  return (
    <Confirm
      open
      close={dismiss}
      title={t('cancel.title', nameOf(props.run))}
      effect={
        <Show when={running().length > 0} fallback={<p>{t('cancel.idle')}</p>}>
          <p>{t('cancel.kills', named())}</p>
          <p class="mt-1">{t('cancel.others')}</p>
        </Show>
      }
      keep={t('cancel.keep')}
      act={t('cancel.act')}
      lacks={lacking(props.run, 'run:cancel')}
      run={async (key) => {
        await cancelRun(props.run.id, reason().trim(), force(), key);
        props.done();
      }}
    >
      {() => (
        <>
          <ReasonField value={reason()} change={setReason} />
          <Checkbox label={t('cancel.force')} checked={force()} change={setForce} />
        </>
      )}
    </Confirm>
  );
};
