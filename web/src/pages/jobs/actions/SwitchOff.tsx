import { createSignal } from 'solid-js';
import { send } from '../../../api/client.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { jobPath } from '../queries.ts';
import type { JobNow } from '../views.ts';
import { t } from '../words.ts';
import { News } from './News.tsx';
import { createSeen } from './seen.ts';

/** Asks before a job is switched off, and why. */
export const SwitchOff = (props: {
  job: JobNow;
  open: boolean;
  close: () => void;
  done: () => Promise<unknown>;
  lacks: string | undefined;
}) => {
  const [note, setNote] = createSignal('');
  const seen = createSeen(
    () => props.job,
    () => props.open,
  );
  const run = async (key: string) => {
    const { name } = props.job;
    const why = note().trim();
    await seen.change((ifMatch) => send('PATCH', jobPath(name), { active: false, ...(why !== '' && { note: why }) }, key, { ifMatch }));
    toast({ says: t('job.switched_off', name) });
    setNote('');
    await props.done();
  };
  return (
    <Confirm
      open={props.open}
      close={props.close}
      title={t('switch.title', props.job.name)}
      effect={
        <>
          {t('switch.effect')}
          <News news={seen.news()} />
        </>
      }
      keep={t('switch.keep')}
      act={t('switch.act')}
      lacks={props.lacks}
      run={run}
    >
      {() => <ReasonField label={t('switch.note')} value={note()} change={setNote} />}
    </Confirm>
  );
};
