import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Sql } from '#db/client.ts';
import { settleStarts } from '#db/queries/outbox.ts';
import type { Logger } from '#platform/logging.ts';
import type { TemporalClient } from '#platform/temporal/connect.ts';
import { RUN_WORKFLOW, type RunInput, startOptionsOf } from '#workflows/messages.ts';

/** The relay takes over what has not started after two seconds. */
const DEADLINE_MS = 1_800;
/** After a failure nobody waits for Temporal for so long: the relay tries for all. */
const REST_MS = 1_000;

/** Starts an accepted run at once if Temporal is there; never throws, for the outbox row stands until the run has started. */
export type LaunchRun = (input: RunInput) => Promise<void>;

/** The launcher of one process, which remembers for a second that Temporal was away. */
export function createLauncher(temporal: TemporalClient, sql: Sql, log: Logger): LaunchRun {
  let restingUntil = 0;
  return async (input) => {
    if (Date.now() < restingUntil) return;
    try {
      await temporal.within(DEADLINE_MS, () => temporal.client.workflow.start(RUN_WORKFLOW, startOptionsOf(input)));
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
        restingUntil = Date.now() + REST_MS;
        log.warn({ err: error, run: input.run }, 'the run waits in the outbox');
        return;
      }
    }
    // Nobody waits for this: the relay strikes off what stays.
    settleStarts(sql, [input.run]).catch((error: unknown) =>
      log.warn({ err: error, run: input.run }, 'the outbox row stays for the relay'),
    );
  };
}
