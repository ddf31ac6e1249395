import { ProgressBar } from '../../../components/ProgressBar.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import type { BackfillView } from '../views.ts';
import { t } from './words.ts';

/** How a backfill stands, in the look of the status it is like. */
export const BackfillState = (props: { backfill: BackfillView }) => {
  const isOpen = () => props.backfill.status === 'running' || props.backfill.active > 0;
  return <StatusBadge status={isOpen() ? 'running' : props.backfill.status === 'cancelled' ? 'cancelled' : 'completed'} />;
};

/** How many of its moments have come to their end. */
export const BackfillProgress = (props: { backfill: BackfillView }) => {
  const done = () => props.backfill.ended + props.backfill.refused;
  return (
    <span class="flex min-w-40 flex-col gap-1">
      <span>{t('backfill.progress_of', done(), props.backfill.total)}</span>
      <ProgressBar class="tone-running text-(--tone)" label={t('backfill.progress')} done={done()} of={props.backfill.total} />
    </span>
  );
};
