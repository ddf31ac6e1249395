import { createSignal } from 'solid-js';
import { Confirm } from '../../components/Confirm.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { useSession } from '../../session/session.tsx';
import { whenChanged } from '../../solid.ts';
import type { Until } from './UntilField.tsx';
import { UntilField } from './UntilField.tsx';
import { t } from './words.ts';

interface PauseDialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly effect: string;
  readonly keep: string;
  readonly act: string;
  readonly permission: string;
  /** Why it cannot be done just now. */
  readonly barred?: string | undefined;
  readonly close: () => void;
  readonly run: (body: { readonly note: string | null; readonly until: string | null }, key: string) => Promise<unknown>;
}

/** Asks why and until when something is held, and holds it. */
export const PauseDialog = (props: PauseDialogProps) => {
  const session = useSession();
  const [note, setNote] = createSignal('');
  const [missing, setMissing] = createSignal(false);
  let until: () => Until = () => null;
  whenChanged(
    () => props.open,
    () => {
      setNote('');
      setMissing(false);
    },
  );
  const run = async (key: string) => {
    const end = until();
    setMissing(end === undefined);
    if (end === undefined) throw new Error(t('pause.no_time'));
    await props.run({ note: note().trim() || null, until: end }, key);
  };
  return (
    <Confirm
      open={props.open}
      title={props.title}
      effect={props.effect}
      keep={props.keep}
      act={props.act}
      lacks={session.may(props.permission) ? undefined : props.permission}
      barred={props.barred}
      close={props.close}
      run={run}
    >
      {(problems) => (
        <>
          <ReasonField
            label={t('pause.note')}
            error={problems().find(({ pointer }) => pointer === '/note')?.message}
            value={note()}
            change={setNote}
          />
          <UntilField
            error={missing() ? t('pause.no_time') : problems().find(({ pointer }) => pointer === '/until')?.message}
            change={(read) => {
              until = read;
            }}
          />
        </>
      )}
    </Confirm>
  );
};
