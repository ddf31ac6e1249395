import type { Comparison } from '#jobs/compare.ts';
import type { RunSummary } from '../../api/views.ts';

/** As much of a run as a comparison tells of it. */
export type ComparedBrief = Pick<
  RunSummary,
  'id' | 'number' | 'job' | 'version' | 'status' | 'created_at' | 'started_at' | 'ended_at' | 'execution_time_ms' | 'error_message'
>;

/** How two runs differ. */
export interface ComparisonView extends Comparison {
  readonly a: ComparedBrief;
  readonly b: ComparedBrief;
}
