import { send } from '../../../api/client.ts';
import { createKeys } from '../../../api/key-of.ts';
import { ApiProblem } from '../../../api/problem.ts';
import type { RunView } from '../../../api/views.ts';
import { toast } from '../../../components/Toasts.tsx';
import { t } from '../../../words.ts';

// What cannot be retried from afar, as secrets have to be given anew, can be from its own page.
const failed = (run: string, problem: unknown): null => {
  toast({ says: (problem as Error).message, failed: true, href: `/runs/${run}`, link: t('runs.open') });
  return null;
};

// By run: a try that nobody knows the outcome of is repeated by the next one.
const keys = createKeys();

const isAnswer = (problem: unknown): boolean => problem instanceof ApiProblem && problem.status > 0 && problem.status < 500;

/** Starts a new run of the same version with the same parameters, and says so with a link; null when it was refused. Where no answer came, asking again is the same try. */
export const retryRun = async (run: string): Promise<RunView | null> => {
  try {
    const started = await send<RunView>('POST', `/runs/${run}/retry`, {}, keys.of(run));
    keys.done(run);
    toast({ says: t('runs.retried', `#${started.number}`), href: `/runs/${started.id}`, link: t('runs.open') });
    return started;
  } catch (problem) {
    if (isAnswer(problem)) keys.done(run);
    return failed(run, problem);
  }
};
