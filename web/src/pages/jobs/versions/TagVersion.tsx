import { useQueryClient } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { send } from '../../../api/client.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { jobPath } from '../queries.ts';
import type { VersionRow } from '../views.ts';
import { t } from '../words.ts';

interface TagProps {
  readonly job: string;
  readonly versions: readonly VersionRow[];
  readonly version: number;
  readonly open: boolean;
  readonly close: () => void;
  readonly lacks: string | undefined;
}

/** Asks for a tag that a version gets; one that stands for another version is moved, from there only. */
export const TagVersion = (props: TagProps) => {
  const queries = useQueryClient();
  const [tag, setTag] = createSignal('');
  const [note, setNote] = createSignal('');
  const name = () => tag().trim();
  const holder = () => props.versions.find(({ tags }) => tags.includes(name()))?.version;
  const run = async (key: string) => {
    const why = note().trim();
    const from = holder();
    await send(
      'PUT',
      `${jobPath(props.job)}/tags/${encodeURIComponent(name())}`,
      { version: props.version, ...(why !== '' && { note: why }) },
      key,
      { ifMatch: from === undefined ? null : `"${from}"` },
    ).catch(async (error: unknown) => {
      // Where it stands by now is said at its field.
      await queries.invalidateQueries({ queryKey: ['job', props.job, 'versions'] });
      throw error;
    });
    toast({ says: t('versions.tagged', name(), props.version) });
    setTag('');
    setNote('');
    await queries.invalidateQueries({ queryKey: ['job', props.job] });
  };
  const moves = () => {
    const from = holder();
    return from === undefined || from === props.version ? undefined : t('versions.moves', name(), from);
  };
  return (
    <Confirm
      open={props.open}
      close={props.close}
      title={t('versions.tag_title', props.version)}
      keep={t('versions.tag_keep')}
      act={t('versions.tag_act')}
      look="main"
      fieldsFirst
      lacks={props.lacks}
      barred={name() === '' ? t('start.is_missing') : undefined}
      run={run}
    >
      {() => (
        <>
          <TextField
            label={t('versions.tag_name')}
            hint={moves() ?? t('versions.tag_hint')}
            maxlength={100}
            focusFirst
            value={tag()}
            change={setTag}
          />
          <ReasonField label={t('versions.tag_note')} value={note()} change={setNote} />
        </>
      )}
    </Confirm>
  );
};
