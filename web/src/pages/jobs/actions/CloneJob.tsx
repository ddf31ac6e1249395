import { useQueryClient } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { send } from '../../../api/client.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { hrefOfJob } from '../list/columns.tsx';
import { jobPath } from '../queries.ts';
import type { JobAt, JobNow } from '../views.ts';
import { t } from '../words.ts';

/** Asks for the name of a job that says what this one says. */
export const CloneJob = (props: { job: JobNow; open: boolean; close: () => void; lacks: string | undefined }) => {
  const queries = useQueryClient();
  const [name, setName] = createSignal('');
  const run = async (key: string) => {
    const made = await send<JobAt>(
      'POST',
      `${jobPath(props.job.name)}/clone`,
      { name: name().trim(), version: props.job.current_version },
      key,
    );
    setName('');
    toast({ says: t('clone.done', made.name), href: hrefOfJob(made.name), link: t('clone.open') });
    await queries.invalidateQueries({ queryKey: ['jobs'] });
  };
  return (
    <Confirm
      open={props.open}
      close={props.close}
      title={t('clone.title', props.job.name)}
      effect={t('clone.effect', props.job.current_version)}
      keep={t('clone.keep')}
      act={t('clone.act')}
      look="main"
      fieldsFirst
      lacks={props.lacks}
      barred={name().trim() === '' ? t('start.is_missing') : undefined}
      run={run}
    >
      {(problems) => (
        <TextField
          label={t('clone.name')}
          hint={t('clone.name_hint')}
          error={problems().find(({ pointer }) => pointer === '/name')?.message}
          maxlength={100}
          focusFirst
          value={name()}
          change={setName}
        />
      )}
    </Confirm>
  );
};
