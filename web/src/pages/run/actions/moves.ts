import type { JsonObject } from '#jobs/json.ts';
import { send } from '../../../api/client.ts';
import { ApiProblem } from '../../../api/problem.ts';
import type { RunView } from '../../../api/views.ts';

const stepPath = (run: string, key: string): string => `/runs/${run}/steps/${encodeURIComponent(key)}`;
const because = (reason: string) => (reason === '' ? {} : { reason });

/** Asks the run to stop; with `force` without undoing or cleaning up. */
export const cancelRun = (run: string, reason: string, force: boolean, key: string): Promise<void> =>
  send('POST', `/runs/${run}/cancel`, { ...because(reason), ...(force && { force }) }, key);

/** Lets no further step of the run start, or lets them again. */
export const holdRun = (run: string, move: 'pause' | 'resume', key: string): Promise<void> => send('POST', `/runs/${run}/${move}`, {}, key);

/** Answers a step that asks for approval. */
export const answerStep = (
  run: string,
  key: string,
  decision: 'approve' | 'reject',
  answer: { readonly form: JsonObject | null; readonly comment: string },
  once: string,
): Promise<void> =>
  send('POST', `${stepPath(run, key)}/${decision}`, { form: answer.form, comment: answer.comment === '' ? null : answer.comment }, once);

/** Runs a waiting step again, skips it, or ends it. */
export const moveStep = (run: string, key: string, move: 'retry' | 'skip' | 'cancel', reason: string, once: string): Promise<void> =>
  send('POST', `${stepPath(run, key)}/${move}`, because(reason), once);

/** What became of an operation on a step that runs, or on each of its parts. */
export interface Operated {
  readonly items: readonly { readonly key: string; readonly outcome: 'done' | 'refused'; readonly why: string | null }[];
}

/** Interrupts a running step, lets it go on, or begins it anew. */
export const operateStep = (
  run: string,
  key: string,
  surgery: 'pause' | 'resume' | 'reset',
  asked: { readonly reason: string; readonly force?: boolean },
  once: string,
): Promise<Operated> => send('POST', `${stepPath(run, key)}/${surgery}`, asked, once);

/** Changes how long a running step may take and how often it is tried. */
export const changeTerms = (run: string, key: string, terms: JsonObject, once: string): Promise<Operated> =>
  send('PATCH', `${stepPath(run, key)}/options`, terms, once);

/** What a re-run is asked for. */
export interface RerunAsk {
  readonly everything: boolean;
  readonly from: readonly string[] | null;
  readonly failed_items_only: boolean;
  readonly version: number | null;
  readonly parameters: JsonObject;
  /** Parameters that are not given any more. */
  readonly without: readonly string[];
}

/** Starts a new run that keeps what still holds of an ended one. */
export const rerun = (run: string, asked: RerunAsk, reason: string, key: string): Promise<RunView> =>
  send('POST', `/runs/${run}/rerun`, { ...asked, ...because(reason) }, key);

/** Starts the same again, of which only secrets are given anew. */
export const retryAll = (run: string, secrets: JsonObject, reason: string, key: string): Promise<RunView> =>
  send('POST', `/runs/${run}/retry`, { parameters: secrets, ...because(reason) }, key);

/** Deletes an ended run with its steps and logs; one that is gone already is deleted. */
export const deleteRun = async (run: string, key: string): Promise<void> => {
  try {
    await send('DELETE', `/runs/${run}`, undefined, key);
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || problem.status !== 404) throw problem;
  }
};
