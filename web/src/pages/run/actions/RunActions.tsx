import { useNavigate } from '@solidjs/router';
import ChevronDown from 'lucide-solid/icons/chevron-down';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import { createSignal, Show } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import { useActions } from '../../../actions/actions.tsx';
import { createKeys } from '../../../api/key-of.ts';
import type { RunView, StepSummary } from '../../../api/views.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { putOnClipboard } from '../../../components/clipboard.ts';
import { Menu, MenuItem } from '../../../components/Menu.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { useSession } from '../../../session/session.tsx';
import { whenChanged } from '../../../solid.ts';
import { askToPrint } from '../print/ask-to-print.ts';
import type { StepRow } from '../rows.ts';
import { ask } from './desk.ts';
import { exportRun } from './export-run.ts';
import { holdRun } from './moves.ts';
import { lacking } from './names.ts';
import { fromStep, offeredOf, openInTemporal } from './offered.ts';
import { RunDialogs } from './RunDialogs.tsx';
import { failedCount } from './rerun-draft.ts';
import { runText } from './run-text.ts';
import { whyNotYours } from './why-not-yours.ts';
import { t } from './words.ts';

/** What can be done with the run now; what was asked stays busy until the run's own status answers. */
export const RunActions = (props: {
  run: RunView;
  rows: readonly StepRow[];
  steps: readonly StepSummary[];
  chosen: StepRow | undefined;
}) => {
  const navigate = useNavigate();
  const session = useSession();
  const [asked, setAsked] = createSignal<'pause' | 'resume' | 'cancel' | null>(null);
  whenChanged(
    () => props.run.status,
    () => {
      setAsked(null);
      for (const move of ['pause', 'resume']) keys.done(move);
    },
    'later',
  );
  const ended = () => hasEnded(props.run.status);
  const failed = () => failedCount(props.steps);
  const again = () => ask({ what: 'rerun', start: failed() > 0 || props.run.status !== 'completed' ? 'failed' : 'same' });
  const keys = createKeys();
  const hold = async (move: 'pause' | 'resume') => {
    setAsked(move);
    try {
      await holdRun(props.run.id, move, keys.of(move));
      keys.done(move);
    } catch (problem) {
      setAsked(null);
      toast({ says: (problem as Error).message, failed: true });
    }
  };
  const copy = (text: string, says: string) =>
    putOnClipboard(text).then(
      () => toast({ says }),
      () => toast({ says: t('run.copy_failed'), failed: true }),
    );
  const compare = () => {
    const earlier = props.run.retry_of ?? props.run.rerun_of;
    navigate(earlier ? `/compare?a=${earlier}&b=${props.run.id}` : `/compare?a=${props.run.id}&b=last_success`);
  };
  // The chosen one first, else the first that this person may answer.
  const approval = () => {
    const name = session.me()?.user.name ?? '';
    const open = props.steps.filter(
      (step) => step.status === 'waiting' && step.waiting_for === 'approval' && whyNotYours(step, name) === undefined,
    );
    return open.find(({ key }) => key === props.chosen?.key) ?? open[0];
  };

  const copyLink = () => void copy(location.href, t('run.copied_link'));
  const copyText = () => void copy(runText(props.run, props.rows, location.href), t('run.copied_text'));
  const save = () => void exportRun(props.run);

  useActions(() => {
    const waiting = approval();
    return [
      ...(ended()
        ? [{ id: 'run.again', words: t('run.key_retry'), key: 'r', run: again, denied: lacking(props.run, 'run:start') }]
        : [
            {
              id: 'run.cancel',
              words: t('run.key_cancel'),
              key: 'c',
              run: () => ask({ what: 'cancel' }),
              denied: lacking(props.run, 'run:cancel'),
            },
          ]),
      ...(waiting
        ? [
            {
              id: 'run.approve',
              words: t('run.key_approve', waiting.key),
              key: 'a',
              run: () => ask({ what: 'approve', step: waiting }),
              denied: lacking(props.run, 'run:steer'),
            },
          ]
        : []),
      { id: 'run.compare', words: t('run.compare'), run: compare },
      { id: 'run.print', words: t('run.print'), run: askToPrint },
      ...offeredOf(props.run, props.chosen, failed(), {
        pause: () => void hold('pause'),
        resume: () => void hold('resume'),
        copyLink,
        copyText,
        exportRun: save,
      }),
    ];
  });

  return (
    <div class="flex flex-wrap items-center gap-2 print:hidden">
      <Show
        when={ended()}
        fallback={
          <>
            <Show
              when={props.run.status === 'paused'}
              fallback={
                <ActionButton
                  words={t('run.pause')}
                  busyWords={t('run.pausing')}
                  busy={asked() === 'pause'}
                  lacks={lacking(props.run, 'run:steer')}
                  barred={props.run.status === 'scheduled' ? t('run.not_begun') : undefined}
                  run={() => hold('pause')}
                />
              }
            >
              <ActionButton
                words={t('run.resume')}
                busyWords={t('run.resuming')}
                busy={asked() === 'resume'}
                lacks={lacking(props.run, 'run:steer')}
                run={() => hold('resume')}
              />
            </Show>
            <ActionButton
              words={t('run.cancel')}
              busyWords={t('run.cancelling')}
              busy={asked() === 'cancel'}
              look="danger"
              lacks={lacking(props.run, 'run:cancel')}
              run={() => ask({ what: 'cancel' })}
            />
          </>
        }
      >
        <Show when={failed() > 0}>
          <ActionButton
            words={t('run.retry_failed', failed())}
            hint={t('run.retry_failed_hint')}
            look="main"
            lacks={lacking(props.run, 'run:start')}
            run={() => ask({ what: 'rerun', start: 'failed' })}
          />
        </Show>
        <Menu
          label={t('run.rerun_menu')}
          heading={t('run.rerun_menu')}
          worded
          trigger={
            <>
              {t('run.rerun')} <ChevronDown size={16} />
            </>
          }
        >
          <MenuItem lacks={lacking(props.run, 'run:start')} onSelect={() => ask({ what: 'rerun', start: 'same' })}>
            {t('run.same')}
          </MenuItem>
          <MenuItem lacks={lacking(props.run, 'run:start')} onSelect={() => ask({ what: 'rerun', start: 'changes' })}>
            {t('run.changes')}
          </MenuItem>
          <MenuItem
            lacks={lacking(props.run, 'run:start')}
            onSelect={() => ask({ what: 'rerun', start: fromStep(props.run, props.chosen) })}
          >
            {t('run.from')}
          </MenuItem>
        </Menu>
      </Show>
      <Menu label={t('run.more')} heading={t('run.more_of')} trigger={<Ellipsis size={16} />}>
        <MenuItem onSelect={compare}>{t('run.compare')}</MenuItem>
        <MenuItem onSelect={copyLink}>{t('run.copy_link')}</MenuItem>
        <MenuItem onSelect={copyText}>{t('run.copy_text')}</MenuItem>
        <MenuItem onSelect={save}>{t('run.export')}</MenuItem>
        <MenuItem onSelect={askToPrint}>{t('run.print')}</MenuItem>
        <Show when={props.run.temporal_url}>
          <MenuItem onSelect={() => openInTemporal(props.run)}>{t('run.temporal')}</MenuItem>
        </Show>
        <Show when={ended()}>
          <MenuItem lacks={lacking(props.run, 'run:delete')} onSelect={() => ask({ what: 'delete' })}>
            {t('run.delete')}
          </MenuItem>
        </Show>
      </Menu>
      <RunDialogs run={props.run} rows={props.rows} steps={props.steps} cancelling={() => setAsked('cancel')} />
    </div>
  );
};
