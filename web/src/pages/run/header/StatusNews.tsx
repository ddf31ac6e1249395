import { createSignal } from 'solid-js';
import type { RunView } from '../../../api/views.ts';
import { statusWords } from '../../../components/StatusBadge.tsx';
import { atMostEvery } from '../../../live/at-most-every.ts';
import { whenChanged } from '../../../solid.ts';
import { t } from './words.ts';

const PAUSE_MS = 5_000;

/** Tells who listens how the open run fares when that changes, at most every five seconds and then the newest; never its steps nor lines of its log. */
export const StatusNews = (props: { run: Pick<RunView, 'number' | 'status' | 'waiting_for'> }) => {
  const [said, say] = createSignal('');
  const status = () => statusWords({ status: props.run.status, waitingFor: props.run.waiting_for });
  const tell = atMostEvery(PAUSE_MS, () => say(t('state.news', props.run.number, status())));
  whenChanged(status, tell, 'later');
  return (
    <p role="status" class="sr-only">
      {said()}
    </p>
  );
};
