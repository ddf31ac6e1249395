import { useNavigate } from '@solidjs/router';
import ExternalLink from 'lucide-solid/icons/external-link';
import { createSignal, Show } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import type { RunView } from '../../api/views.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { whenChanged } from '../../solid.ts';
import { t } from '../../words.ts';
import { hasParts, type StepRow } from './rows.ts';
import { retryRun, steerRun } from './steer.ts';

type Move = 'cancel' | 'pause' | 'resume' | 'retry';

/** What can be done with the run now; what was asked stays busy until the run's own status answers. */
export const RunActions = (props: { run: RunView; rows: readonly StepRow[] }) => {
  const navigate = useNavigate();
  const [asked, setAsked] = createSignal<Move | null>(null);
  const [confirming, setConfirming] = createSignal(false);
  whenChanged(
    () => props.run.status,
    () => setAsked(null),
    'later',
  );

  const ended = () => hasEnded(props.run.status);
  const may = (permission: string) => props.run.permissions.includes(permission);
  const describe = (permission: string, hint = '') => (may(permission) ? hint : t('denied.control', permission));
  const steer = async (move: Exclude<Move, 'retry'>, reason = '') => {
    setAsked(move);
    if (!(await steerRun(props.run.id, move, reason))) setAsked(null);
  };
  const retry = async () => {
    setAsked('retry');
    const started = await retryRun(props.run.id);
    setAsked(null);
    if (started) navigate(`/runs/${started.id}`);
  };

  return (
    <>
      <Show when={props.run.temporal_url}>
        {(url) => (
          <a class="button" href={url()} target="_blank" rel="noreferrer">
            {t('run.temporal')} <ExternalLink size={16} />
          </a>
        )}
      </Show>
      <CopyButton text={location.href} label={t('copy.link')} />
      <Show
        when={!ended()}
        fallback={
          <button
            type="button"
            class="button button-main"
            disabled={!may('run:start') || asked() !== null}
            title={describe('run:start', t('run.retry_hint'))}
            onClick={retry}
          >
            {t('run.retry')}
          </button>
        }
      >
        <Show
          when={props.run.status === 'paused'}
          fallback={
            <button
              type="button"
              class="button"
              disabled={!may('run:steer') || asked() !== null}
              title={describe('run:steer')}
              onClick={() => steer('pause')}
            >
              {asked() === 'pause' ? t('run.pausing') : t('run.pause')}
            </button>
          }
        >
          <button
            type="button"
            class="button"
            disabled={!may('run:steer') || asked() !== null}
            title={describe('run:steer')}
            onClick={() => steer('resume')}
          >
            {asked() === 'resume' ? t('run.resuming') : t('run.resume')}
          </button>
        </Show>
        <button
          type="button"
          class="button button-danger"
          disabled={!may('run:cancel') || asked() === 'cancel'}
          title={describe('run:cancel')}
          onClick={() => setConfirming(true)}
        >
          {asked() === 'cancel' ? t('run.cancelling') : t('run.cancel')}
        </button>
      </Show>
      <CancelDialog
        open={confirming() && !ended()}
        run={props.run}
        rows={props.rows}
        close={() => setConfirming(false)}
        confirm={(reason) => {
          setConfirming(false);
          void steer('cancel', reason);
        }}
      />
    </>
  );
};

const CancelDialog = (props: {
  open: boolean;
  run: RunView;
  rows: readonly StepRow[];
  close: () => void;
  confirm: (reason: string) => void;
}) => {
  const running = () =>
    props.rows
      .filter((row) => row.status === 'running' && !(row.step && hasParts(row.step)))
      .map((row) => (row.step?.target ? `${row.key} ${t('steps.on', row.step.target)}` : row.key))
      .join(', ');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    props.confirm(String(new FormData(event.currentTarget as HTMLFormElement).get('reason') ?? '').trim());
  };
  return (
    <Dialog open={props.open} close={props.close} title={t('run.cancel_title', `${props.run.job} #${props.run.number}`)}>
      <p class="mt-2 mb-4 break-words text-muted">{t('run.cancel_effect', running())}</p>
      <form class="flex flex-col gap-6" onSubmit={submit}>
        <Field label={t('dialog.reason')}>
          {(ties) => <input {...ties()} name="reason" class="input" maxlength={500} autocomplete="off" />}
        </Field>
        <div class="flex flex-wrap justify-end gap-2">
          <button type="button" class="button" data-focus-first="" onClick={() => props.close()}>
            {t('run.cancel_keep')}
          </button>
          <button type="submit" class="button button-danger">
            {t('run.cancel_confirm')}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
