import { send } from '../../api/client.ts';
import type { RunView } from '../../api/views.ts';
import { toast } from '../../components/Toasts.tsx';
import { t } from '../../words.ts';

const failed = (problem: unknown): null => {
  toast({ says: (problem as Error).message, failed: true });
  return null;
};

/** Starts a new run of the same version with the same parameters, and says so with a link; null when it was refused. */
export const retryRun = async (run: string): Promise<RunView | null> => {
  try {
    const started = await send<RunView>('POST', `/runs/${run}/retry`, {}, crypto.randomUUID());
    toast({ says: t('runs.retried', `#${started.number}`), href: `/runs/${started.id}`, link: t('runs.open') });
    return started;
  } catch (problem) {
    return failed(problem);
  }
};

/** Asks the run to cancel, pause or resume; true when the API took it. What became of it arrives as the run's own status. */
export const steerRun = async (run: string, move: 'cancel' | 'pause' | 'resume', reason: string): Promise<boolean> => {
  try {
    await send('POST', `/runs/${run}/${move}`, reason === '' ? {} : { reason });
    return true;
  } catch (problem) {
    failed(problem);
    return false;
  }
};

/** Runs a step that waits for a person again, in place. */
export const retryStep = async (run: string, key: string): Promise<boolean> => {
  try {
    await send('POST', `/runs/${run}/steps/${encodeURIComponent(key)}/retry`, {});
    toast({ says: t('steps.retried', key) });
    return true;
  } catch (problem) {
    failed(problem);
    return false;
  }
};
