import type { WorkflowTruth } from './reconcile.ts';

/** The activity by which a run sees whether the workflow of a slice is still there. */
export const createSliceWatch = ({ truthOf }: { truthOf(workflowId: string): Promise<WorkflowTruth> }) => ({
  isSliceAlive: async (workflowId: string): Promise<boolean> => (await truthOf(workflowId)) === 'running',
});
