import { createSignal } from 'solid-js';
import { send } from '../../../api/client.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { whenChanged } from '../../../solid.ts';
import type { TrashedJob } from '../views.ts';
import { t } from '../words.ts';

interface PurgeProps {
  readonly job: TrashedJob;
  readonly open: boolean;
  readonly close: () => void;
  readonly done: () => Promise<unknown>;
  readonly lacks: string | undefined;
}

/** Asks, and has the name typed, before a job goes for good with its history. */
export const PurgeJob = (props: PurgeProps) => {
  const [typed, setTyped] = createSignal('');
  whenChanged(
    () => props.open,
    () => setTyped(''),
  );
  const run = async (key: string) => {
    const { id, name } = props.job;
    await send('DELETE', `/jobs/trash/${id}?confirm=${encodeURIComponent(name)}`, undefined, key);
    toast({ says: t('trash.purged', name) });
    await props.done();
  };
  return (
    <Confirm
      open={props.open}
      close={props.close}
      title={t('trash.purge_title', props.job.name)}
      effect={t('trash.purge_effect')}
      keep={t('trash.purge_keep')}
      act={t('trash.purge_act')}
      lacks={props.lacks}
      barred={typed() === props.job.name ? undefined : t('trash.purge_name', props.job.name)}
      run={run}
    >
      {() => <TextField label={t('trash.purge_name', props.job.name)} value={typed()} change={setTyped} />}
    </Confirm>
  );
};
