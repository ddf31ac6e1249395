import { hasEnded } from '#jobs/run-state.ts';
import type { Action } from '../../../actions/action.ts';
import type { RunView } from '../../../api/views.ts';
import type { StepRow } from '../rows.ts';
import { ask, type RerunStart } from './desk.ts';
import { lacking } from './names.ts';
import { t } from './words.ts';

/** Where a re-run from a step begins to ask: at the chosen one, where a re-run may begin there, else at the first. */
export const fromStep = (run: Pick<RunView, 'plan_steps'>, chosen: Pick<StepRow, 'key' | 'step'> | undefined): RerunStart => {
  const wanted = chosen?.step?.step_id ?? chosen?.key;
  const at = run.plan_steps.find(({ id, phase }) => id === wanted && phase === 'main') ?? run.plan_steps[0];
  return { from: at?.id ?? '' };
};

/** What the palette offers of a run, beyond what has a key: all that its buttons and menus do. */
export const offeredOf = (
  run: RunView,
  chosen: StepRow | undefined,
  failed: number,
  acts: { readonly [A in 'pause' | 'resume' | 'copyLink' | 'copyText' | 'exportRun']: () => void },
): readonly Action[] => {
  const starts = (id: string, words: string, start: RerunStart): Action => ({
    id: `run.${id}`,
    words,
    run: () => ask({ what: 'rerun', start }),
    denied: lacking(run, 'run:start'),
  });
  const steers = (id: 'pause' | 'resume'): Action => ({
    id: `run.${id}`,
    words: t(`run.key_${id}`),
    run: acts[id],
    denied: lacking(run, 'run:steer'),
  });
  const steps = run.plan_steps.length > 1;
  return [
    ...(hasEnded(run.status)
      ? [
          ...(failed > 0 ? [starts('retry_failed', t('run.key_failed', failed), 'failed')] : []),
          starts('same', t('run.key_same'), 'same'),
          starts('changes', t('run.key_changes'), 'changes'),
          ...(steps ? [starts('from', t('run.key_from'), fromStep(run, chosen))] : []),
        ]
      : run.status === 'scheduled'
        ? []
        : [steers(run.status === 'paused' ? 'resume' : 'pause')]),
    { id: 'run.copy_link', words: t('run.copy_link'), run: acts.copyLink },
    { id: 'run.copy_text', words: t('run.copy_text'), run: acts.copyText },
    { id: 'run.export', words: t('run.export'), run: acts.exportRun },
    ...(run.temporal_url === null ? [] : [{ id: 'run.temporal', words: t('run.temporal'), run: () => openInTemporal(run) }]),
    ...(hasEnded(run.status)
      ? [{ id: 'run.delete', words: t('run.key_delete'), run: () => ask({ what: 'delete' }), denied: lacking(run, 'run:delete') }]
      : []),
  ];
};

/** Opens the run where Temporal shows it. */
export const openInTemporal = ({ temporal_url }: Pick<RunView, 'temporal_url'>): void => {
  if (temporal_url !== null) window.open(temporal_url, '_blank', 'noreferrer');
};
