import type { Sql } from '#db/client.ts';
import { recordSteps, type StepEvent } from '#db/queries/record-steps.ts';
import type { Logger } from '#platform/logging.ts';
import { isDatabaseAway } from './database-away.ts';
import { GroupCommit } from './group-commit.ts';

/** Writes what happens to all steps of a worker, many events in one statement, in their order. */
export type Recorder = GroupCommit<StepEvent>;

export const createRecorder = (sql: Sql, log: Logger): Recorder =>
  new GroupCommit<StepEvent>({
    write: (batch) => recordSteps(sql, batch),
    weigh: () => 1,
    delayMs: 5,
    isEager: true,
    maxBatch: 200,
    maxPending: 5000,
    isPassing: isDatabaseAway,
    onDropped: (event, error) =>
      log.error({ err: error, run: event.run, key: event.key, kind: event.kind }, 'a step event could not be recorded'),
  });
