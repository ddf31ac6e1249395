import { createSignal, Show } from 'solid-js';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Refusal } from '../../components/Fetched.tsx';
import { TextDiff } from '../../diff/TextDiff.tsx';
import { whenChanged } from '../../solid.ts';
import { type Base, readBase } from './save.ts';
import { t } from './words.ts';

interface ConflictDialogProps {
  readonly open: boolean;
  readonly name: string;
  readonly mine: string;
  readonly close: () => void;
  /** Saves mine over theirs; sent twice with one key it is saved once. */
  readonly keep: (theirs: Base, key: string) => Promise<void>;
  readonly take: (theirs: Base) => void;
}

/** Somebody else has saved since this draft began: both texts, and what to do about it. */
export const ConflictDialog = (props: ConflictDialogProps) => {
  const [theirs, setTheirs] = createSignal<Base | null>(null);
  const [error, setError] = createSignal<Error | null>(null);
  const [busy, setBusy] = createSignal(false);
  let key = '';
  const load = () => {
    key = crypto.randomUUID();
    setTheirs(null);
    setError(null);
    readBase(props.name).then(setTheirs, setError);
  };
  whenChanged(
    () => props.open,
    (open) => open && load(),
  );
  const keep = async (base: Base) => {
    setBusy(true);
    await props.keep(base, key).catch(setError);
    setBusy(false);
  };
  return (
    <Dialog open={props.open} close={props.close} title={t('conflict.title', props.name, theirs()?.version ?? null)} wide>
      <p class="mt-2 text-muted">{t('conflict.says')}</p>
      <Show when={error()}>{(why) => <Refusal error={why()} retry={load} />}</Show>
      <Show when={theirs()} fallback={<p class="min-h-40 py-4 text-muted">{error() ? '' : t('conflict.loading')}</p>}>
        {(base) => (
          <>
            <div class="mt-4 max-h-96 overflow-auto">
              <TextDiff
                before={base().text}
                after={props.mine}
                beforeLabel={t('conflict.theirs', base().version)}
                afterLabel={t('conflict.mine')}
              />
            </div>
            <div class="mt-4 flex flex-wrap justify-end gap-2">
              <button type="button" class="button" data-focus-first onClick={() => props.close()}>
                {t('conflict.edit')}
              </button>
              <button type="button" class="button" onClick={() => props.take(base())}>
                {t('conflict.take')}
              </button>
              <ActionButton look="danger" words={t('conflict.keep', base().version + 1)} busy={busy()} run={() => void keep(base())} />
            </div>
          </>
        )}
      </Show>
    </Dialog>
  );
};
