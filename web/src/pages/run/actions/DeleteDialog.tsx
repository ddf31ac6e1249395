import { useNavigate } from '@solidjs/router';
import { createSignal } from 'solid-js';
import type { RunView } from '../../../api/views.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { dismiss } from './desk.ts';
import { deleteRun } from './moves.ts';
import { lacking, nameOf } from './names.ts';
import { t } from './words.ts';

/** Asks before a run that has ended is deleted for good; its number has to be typed. */
export const DeleteDialog = (props: { run: RunView }) => {
  const navigate = useNavigate();
  const [typed, setTyped] = createSignal('');
  const [wrong, setWrong] = createSignal(false);
  const isRight = () => typed().trim().replace(/^#/, '') === String(props.run.number);
  return (
    <Confirm
      open
      close={dismiss}
      title={t('delete.title', nameOf(props.run))}
      effect={t('delete.effect')}
      keep={t('delete.keep')}
      act={t('delete.act')}
      lacks={lacking(props.run, 'run:delete')}
      run={async (key) => {
        setWrong(!isRight());
        if (wrong()) return false;
        await deleteRun(props.run.id, key);
        toast({ says: t('delete.done', nameOf(props.run)) });
        navigate('/runs');
        return true;
      }}
    >
      {() => (
        <TextField
          label={t('delete.type', `#${props.run.number}`)}
          error={wrong() && !isRight() ? t('delete.wrong') : undefined}
          value={typed()}
          change={setTyped}
        />
      )}
    </Confirm>
  );
};
