import type { RunWithPlan } from '#db/queries/find-run.ts';
import { latestAttempt } from '#db/queries/latest-attempt.ts';
import { phasedSteps } from '#jobs/run-phases.ts';
import { notFound } from '../problem.ts';
import type { Services } from '../services.ts';

/** Tells a log that is empty from one that cannot be: throws a 404 for a step that the run does not have, or an attempt that it never came to. */
export async function requireLog({ database }: Services, run: RunWithPlan, key: string, attempt?: number): Promise<void> {
  const latest = await latestAttempt(database.sql, run.id, key);
  const isPlanned = run.plan !== null && phasedSteps(run.plan).some(({ id }) => id === key);
  if (latest === null && !isPlanned) throw notFound(`run ${run.id} has no step ${key}`);
  if (attempt !== undefined && attempt > (latest ?? 0)) throw notFound(`step ${key} of run ${run.id} has no attempt ${attempt}`);
}
