import { useQueryClient } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { send } from '../../../api/client.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { Field } from '../../../components/Field.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { News } from '../actions/News.tsx';
import { createSeen } from '../actions/seen.ts';
import { jobPath } from '../queries.ts';
import type { JobNow, SavedJob } from '../views.ts';
import { t } from '../words.ts';

/** Asks before an older version is saved as the newest one. */
export const RestoreVersion = (props: { job: JobNow; version: number; open: boolean; close: () => void; lacks: string | undefined }) => {
  const queries = useQueryClient();
  const [message, setMessage] = createSignal('');
  const seen = createSeen(
    () => props.job,
    () => props.open,
  );
  const next = () => props.job.current_version + 1;
  const run = async (key: string) => {
    const { name } = props.job;
    const note = message().trim();
    const body = { version: props.version, ...(note !== '' && { note }) };
    const saved = await seen.change((ifMatch) => send<SavedJob>('POST', `${jobPath(name)}/rollback`, body, key, { ifMatch }));
    setMessage('');
    toast({ says: saved.is_new_version ? t('versions.restored', name, saved.version) : t('versions.already') });
    await queries.invalidateQueries({ queryKey: ['job', name] });
    await queries.invalidateQueries({ queryKey: ['jobs'] });
  };
  return (
    <Confirm
      open={props.open}
      close={props.close}
      title={t('versions.restore_title', props.version, next())}
      effect={
        <>
          {t('versions.restore_effect', props.version, next())}
          <News news={seen.news()} />
        </>
      }
      keep={t('versions.restore_keep')}
      act={t('versions.restore', next())}
      look="main"
      lacks={props.lacks}
      run={run}
    >
      {() => (
        <Field label={t('versions.restore_message')}>
          {(ties) => (
            <input
              {...ties()}
              class="input"
              maxlength={1000}
              value={message()}
              onInput={(event) => setMessage(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
    </Confirm>
  );
};
