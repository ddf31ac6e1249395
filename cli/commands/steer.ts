import type { RunView } from '#api/views/run.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';

/** Asks a run to stop. */
export async function cancelCommand(api: ApiClient, run: string, reason: string | undefined, say: (line: string) => void): Promise<number> {
  await api.ask('POST', `/runs/${run}/cancel`, { body: reason ? { reason } : {} });
  say(`${run}: asked to stop`);
  return EXIT.completed;
}

/** Starts a new run of the same version and parameters; or, given a step, executes that one again in the run that waits for it. */
export async function retryCommand(
  api: ApiClient,
  run: string,
  step: string | undefined,
  { failedTargets = false }: { readonly failedTargets?: boolean },
  say: (line: string) => void,
): Promise<number> {
  if (step !== undefined) {
    await api.ask('POST', `/runs/${run}/steps/${encodeURIComponent(step)}/retry`, { body: {} });
    say(`${run}: step ${step} runs again`);
  } else {
    const { body } = await api.ask<RunView>('POST', `/runs/${run}/retry`, { body: failedTargets ? { only: 'failed_targets' } : {} });
    say(`#${body.number} ${body.job}${body.version === null ? '' : ` v${body.version}`}  ${body.id}`);
  }
  return EXIT.completed;
}
