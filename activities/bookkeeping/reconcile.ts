import type { Database } from '#db/client.ts';
import { listOpenRuns, type OpenRun } from '#db/queries/list-open-runs.ts';
import { endedClaimants, freeLocks } from '#db/queries/locks/free-locks.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import { FINAL_SEQ, type RunRecord } from '#workflows/messages.ts';
import { type LockDeps, wake } from './locks.ts';

/** What Temporal says of a run's workflow; `gone` when it knows no such workflow any more. */
export type WorkflowTruth = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'gone';

export interface ReconcileDeps extends LockDeps {
  readonly database: Database;
  truthOf(workflowId: string): Promise<WorkflowTruth>;
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
export const createReconcile = ({ database, voice, truthOf }: ReconcileDeps) => ({
  /** Asks Temporal about each silent run and writes the end of those that have one; answers how many were mended. */
  async reconcileRuns(): Promise<number> {
    const quietSince = new Date(Date.now() - SILENT_MS);
    let mended = 0;
    let after: string | null = null;
    for (;;) {
      const page = await listOpenRuns(database.sql, quietSince, after, PAGE);
      const ends = await Promise.all(page.filter((run) => !run.owed).map(async (run) => endOf(run, await truthOf(run.workflow_id))));
      const records = ends.filter((record) => record !== null);
      if (records.length > 0) {
        const granted = await database.sql.begin(async (tx) => {
          await recordRuns(tx, records);
          return freeLocks(tx, { runs: records.map(({ run }) => run) });
        });
        await wake(voice, granted);
      }
      mended += records.length;
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE) break;
    }
    const ended = await endedClaimants(database.sql);
    if (ended.length > 0) await wake(voice, await database.sql.begin((tx) => freeLocks(tx, { runs: ended })));
    return mended;
  },
});

/** The record that ends a run's row as Temporal says it ended; what its rows still show open is closed with it. */
function endOf(run: OpenRun, truth: WorkflowTruth): RunRecord | null {
  if (truth === 'running') return null;
  const { status, error } = END[truth];
  const { completed_steps, failed_steps } = run;
  return {
    run: run.id,
    project: run.project,
    snapshot: {
      seq: FINAL_SEQ,
      status,
      waiting_for: null,
      message: 'found by reconciliation',
      error_message: error,
      completed_steps,
      failed_steps,
      progress: status === 'completed' ? 100 : run.progress,
      actor: null,
    },
    steps: [],
    result_data: null,
  };
}
