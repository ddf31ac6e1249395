import type { Audit } from '#db/audit.ts';
import { failedTargets } from '#db/queries/failed-targets.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import type { Idempotency } from '#db/queries/insert-run.ts';
import type { JsonObject } from '#jobs/json.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { conflict } from '../problem.ts';
import type { Services } from '../services.ts';
import { onlySecret, parametersAgain } from './earlier-inputs.ts';
import { earlierRun } from './rerun.ts';
import { startRun } from './start-run.ts';

/** What a person asks of a retry. */
export interface RetryAsk {
  readonly reason: string | null;
  readonly only: 'failed_targets' | null;
  /** The secret ones, which are kept nowhere. */
  readonly parameters: JsonObject;
}

/** Starts a run again as it was: same version, parameters, target and chosen steps. Throws 409 when what it followed is no longer stored, and when it did not fail where it is to be repeated. */
export async function retryRun(
  services: Services,
  run: RunWithPlan,
  { reason, only, parameters }: RetryAsk,
  audit: Audit,
  idempotency: Idempotency | null,
): Promise<RunWithPlan> {
  const { version, plan, definition, target, steps, schedule, active, inTrash, ...earlier } = await earlierRun(services, run);
  // On targets that are still at work it would all be done twice.
  if (only !== null && !hasEnded(run.status)) throw conflict(`run ${run.id} is ${run.status}; where it failed is known once it has ended`);
  const onlyTargets = only === null ? earlier.onlyTargets : await failedTargets(services.database.sql, run.id);
  if (onlyTargets && Object.keys(onlyTargets).length === 0)
    throw conflict(`run ${run.id} has completed on every target of its steps on several; run all of it again without "only"`);
  return startRun(
    services,
    { id: run.job_id, version, name: run.job, title: run.title, active, inTrash, sample: run.sample, plan, definition },
    {
      ...parametersAgain(run, definition, onlySecret(parameters, definition)),
      target,
      steps,
      onlyTargets,
      schedule,
      timezone: schedule ? run.timezone : null,
      client: run.client,
      ref_num: run.ref_num,
      message: reason,
      priority: run.priority,
      trigger: 'retry',
      retry_of: run.id,
      retry_count: run.retry_count + 1,
    },
    audit,
    idempotency,
  );
}
