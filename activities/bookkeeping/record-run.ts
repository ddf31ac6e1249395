import { freeLocks } from '#db/queries/locks/free-locks.ts';
import { recordRuns } from '#db/queries/record-runs.ts';
import type { RunRecord } from '#workflows/messages.ts';
import { type LockDeps, wake } from './locks.ts';

/** The activity by which a run writes its own row; of two records the one with the higher `seq` stands. With its last record it gives up its keys. */
export const createRecordRun = ({ database: { sql }, voice }: LockDeps) => ({
  async recordRun(record: RunRecord): Promise<void> {
    if (!record.frees) return recordRuns(sql, [record]);
    const granted = await sql.begin(async (tx) => {
      await recordRuns(tx, [record]);
      return freeLocks(tx, { runs: [record.run] });
    });
    await wake(voice, granted);
  },
});
