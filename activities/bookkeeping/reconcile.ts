import type { Database } from '#db/client.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import { type SilentRun, silentRuns } from '#db/queries/silent-runs.ts';
import { hasEnded, type RunStatus } from '#jobs/run-state.ts';
import type { RunRecord } from '#workflows/messages.ts';

/** What Temporal says of a run's workflow; `gone` when it knows no such workflow any more. */
export type WorkflowTruth = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'gone';

export interface ReconcileDeps {
  readonly database: Database;
  truthOf(workflowId: string): Promise<WorkflowTruth>;
}

/** How long an open run's row may stay unchanged before Temporal is asked about it. */
const SILENT_SECONDS = 30;
/** Above every number a workflow assigns, so that whoever still writes for a closed workflow changes nothing. */
const FINAL_SEQ = 1_000_000_000;

const END: { readonly [truth in Exclude<WorkflowTruth, 'running'>]: { readonly status: RunStatus; readonly error: string | null } } = {
  completed: { status: 'completed', error: null },
  failed: { status: 'failed', error: 'the workflow failed; its history in Temporal has the cause' },
  cancelled: { status: 'cancelled', error: null },
  terminated: { status: 'cancelled', error: 'terminated in Temporal; steps under way were not told' },
  timed_out: { status: 'timed_out', error: 'the workflow ran into its time limit' },
  gone: { status: 'lost', error: 'Temporal no longer knows this run' },
};

/** Activities that mend the rows of runs whose workflow ended without writing its last row. */
export const createReconcile = ({ database, truthOf }: ReconcileDeps) => ({
  /** Asks Temporal about each silent run and writes the end of those that have one; answers how many were mended. */
  async reconcileRuns(): Promise<number> {
    const mended: RunRecord[] = [];
    for (const run of await silentRuns(database.sql, SILENT_SECONDS)) {
      const truth = await truthOf(run.workflow_id);
      if (truth !== 'running') mended.push(endOf(run, truth));
    }
    if (mended.length > 0) await recordRuns(database.sql, mended);
    return mended.length;
  },
});

function endOf(run: SilentRun, truth: keyof typeof END): RunRecord {
  const { status, error } = END[truth];
  const open = run.steps.filter((step) => !hasEnded(step.status));
  return {
    run: run.id,
    project: run.project,
    snapshot: {
      seq: FINAL_SEQ,
      status,
      waiting_for: null,
      message: 'found by reconciliation',
      error_message: error,
      completed_steps: run.completed_steps,
      failed_steps: run.failed_steps,
      progress: status === 'completed' ? 100 : run.progress,
      actor: null,
    },
    steps: open.map((step) => ({
      key: step.key,
      number: step.step_number,
      name: step.name,
      type: step.type,
      status: 'lost',
      waiting_for: null,
      error: { type: 'lost', message: 'the run ended without a word from this step' },
      message: null,
      outputs: null,
    })),
    result_data: null,
  };
}
