import { openPredecessors } from '#db/queries/list-open-runs.ts';
import { acceptFire } from '#db/queries/schedules/accept-fire.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { FireCall, FireReport, Steering, WhyCancelledCall } from '#workflows/messages.ts';
import { mendRuns, type ReconcileDeps, replacedWords, SCHEDULE_ACTOR } from './reconcile.ts';

export interface FiresDeps extends ReconcileDeps {
  /** Whether a workflow was asked to stop by the schedule that started it. */
  isCancelledBySchedule(workflowId: string, runId: string): Promise<boolean>;
}

/** What workflows have done for them that Temporal's schedules started. */
export const createFires = (deps: FiresDeps) => ({
  /** Gives the moment its run, which is the workflow that asks; asked again by it, the same. The run before it may have been terminated for it, and then its row says so. */
  async acceptFire({ schedule, nominalAt, workflowId, execution }: FireCall): Promise<FireReport> {
    const { sql } = deps.database;
    const workflow = { id: workflowId, execution };
    const outcome = await sql.begin((tx) => acceptFire(tx, zoneData(), { schedule, nominalAt, trigger: null, workflow }));
    if (!('input' in outcome)) return { input: null };
    // What Temporal does not answer now is found by reconciliation.
    await mendRuns(deps, await openPredecessors(sql, schedule, outcome.run)).catch(() => undefined);
    return { input: outcome.input };
  },

  /** By whom and why a workflow is cancelled that none of us told; null: somebody in Temporal. */
  async whyCancelled({ workflowId, runId, schedule }: WhyCancelledCall): Promise<Steering | null> {
    const isReplaced = await deps.isCancelledBySchedule(workflowId, runId);
    return isReplaced ? { actor: SCHEDULE_ACTOR, reason: replacedWords(schedule, 'cancel_other') } : null;
  },
});
