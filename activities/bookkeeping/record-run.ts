import type { Database } from '#db/client.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import type { RunRecord } from '#workflows/messages.ts';

/** The activity by which a run writes its own row; of two records the one with the higher `seq` stands. */
export const createRecordRun = ({ sql }: Pick<Database, 'sql'>) => ({
  recordRun: (record: RunRecord): Promise<void> => recordRuns(sql, [record]),
});
