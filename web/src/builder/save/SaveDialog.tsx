import { createSignal, Show } from 'solid-js';
import { ApiProblem } from '../../api/problem.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { useSession } from '../../session/session.tsx';
import { t } from './words.ts';

interface SaveDialogProps {
  readonly open: boolean;
  readonly close: () => void;
  /** The job, or null for a new one. */
  readonly name: string | null;
  readonly next: number;
  readonly problems: number;
  /** Saves; a problem 412 is given to `conflict`. */
  readonly save: (message: string, key: string) => Promise<void>;
  readonly conflict: (message: string) => void;
}

/** Asks why a version is saved, and saves it once. */
export const SaveDialog = (props: SaveDialogProps) => {
  const session = useSession();
  const [message, setMessage] = createSignal('');
  const run = async (key: string) => {
    try {
      await props.save(message(), key);
      setMessage('');
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
      props.conflict(message());
    }
  };
  return (
    <Confirm
      open={props.open}
      close={props.close}
      title={props.name === null ? t('save.create') : t('save.title', props.name, props.next)}
      keep={t('save.back')}
      act={props.name === null ? t('save.create_act') : t('save.act', props.next)}
      look="main"
      fieldsFirst
      lacks={session.may('job:edit') ? undefined : 'job:edit'}
      barred={props.problems > 0 ? t('save.barred', props.problems) : undefined}
      run={run}
    >
      {() => (
        <>
          <Show when={props.problems > 0}>
            <p class="tone-failed text-(--tone)">{t('save.barred', props.problems)}</p>
          </Show>
          <ReasonField label={t('save.message')} hint={t('save.message_hint')} focusFirst value={message()} change={setMessage} />
        </>
      )}
    </Confirm>
  );
};
