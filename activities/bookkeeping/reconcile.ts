import type { Database } from '#db/client.ts';
import { listOpenRuns, type OpenRun } from '#db/queries/list-open-runs.ts';
import { endedClaimants, freeLocks } from '#db/queries/locks/free-locks.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { OverlapPolicy } from '#jobs/schedules/definition.ts';
import { FINAL_SEQ, type RunRecord } from '#workflows/messages.ts';
import { type LockDeps, wake } from './locks.ts';

/** What Temporal says of a run's workflow; `gone` when it knows no such workflow any more. */
export type WorkflowTruth = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'gone';

export interface ReconcileDeps extends LockDeps {
  readonly database: Pick<Database, 'sql'>;
  truthOf(workflowId: string): Promise<WorkflowTruth>;
  /** Whether the schedule that started a workflow ended it for the next one. */
  isReplaced(workflowId: string): Promise<boolean>;
}

/** How long an open run's row may stay unchanged before Temporal is asked about it. */
const SILENT_MS = 30_000;
/** Runs asked about at a time. */
const PAGE = 50;

const END: { readonly [truth in Exclude<WorkflowTruth, 'running'>]: { readonly status: RunStatus; readonly error: string | null } } = {
  completed: { status: 'completed', error: null },
  failed: { status: 'failed', error: 'the workflow failed; its history in Temporal has the cause' },
  cancelled: { status: 'cancelled', error: null },
  terminated: { status: 'cancelled', error: 'terminated in Temporal; steps under way were not told' },
  timed_out: { status: 'timed_out', error: 'the workflow ran into its time limit' },
  gone: { status: 'lost', error: 'Temporal no longer knows this run' },
};

/** Activities that mend the rows of runs whose workflow ended without writing its last row. */
export const createReconcile = (deps: ReconcileDeps) => ({
  /** Asks Temporal about each silent run and writes the end of those that have one; answers how many were mended. */
  async reconcileRuns(): Promise<number> {
    const { database, voice } = deps;
    const quietSince = new Date(Date.now() - SILENT_MS);
    let mended = 0;
    let after: string | null = null;
    for (;;) {
      const page = await listOpenRuns(database.sql, quietSince, after, PAGE);
      mended += await mendRuns(deps, page);
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE) break;
    }
    const ended = await endedClaimants(database.sql);
    if (ended.length > 0) await wake(voice, await database.sql.begin((tx) => freeLocks(tx, { runs: ended })));
    return mended;
  },
});

/** Writes the end of those of these runs that have ended in Temporal, and frees what they held; answers how many. */
export async function mendRuns(deps: ReconcileDeps, runs: readonly OpenRun[]): Promise<number> {
  const { database, voice } = deps;
  const ends = await Promise.all(runs.filter((run) => !run.owed).map((run) => endOf(deps, run)));
  const records = ends.filter((record) => record !== null);
  if (records.length === 0) return 0;
  const granted = await database.sql.begin(async (tx) => {
    await recordRuns(tx, records);
    return freeLocks(tx, { runs: records.map(({ run }) => run) });
  });
  await wake(voice, granted);
  return records.length;
}

/** The record that ends a run's row as Temporal says it ended; what its rows still show open is closed with it. */
async function endOf({ truthOf, isReplaced }: ReconcileDeps, run: OpenRun): Promise<RunRecord | null> {
  const truth = await truthOf(run.workflow_id);
  if (truth === 'running') return null;
  const { status, error } = END[truth];
  const { completed_steps, failed_steps } = run;
  const replacedBy = truth === 'terminated' && run.schedule !== null && (await isReplaced(run.workflow_id)) ? run.schedule : null;
  return {
    run: run.id,
    project: run.project,
    snapshot: {
      seq: FINAL_SEQ,
      status,
      waiting_for: null,
      message: replacedBy === null ? 'found by reconciliation' : replacedWords(replacedBy, 'terminate_other'),
      error_message: error,
      completed_steps,
      failed_steps,
      progress: status === 'completed' ? 100 : run.progress,
      actor: replacedBy === null ? null : SCHEDULE_ACTOR,
    },
    steps: [],
    result_data: null,
  };
}

/** Who ends a run for the next one. */
export const SCHEDULE_ACTOR = 'schedule';

/** What a person reads of a run that its own schedule ended. */
export const replacedWords = (schedule: string, policy: OverlapPolicy): string =>
  `the next start of schedule ${schedule} took its place: its overlap policy is ${policy}`;
