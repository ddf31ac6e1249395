import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Sql } from '#db/client.ts';
import { settleStarts } from '#db/queries/outbox.ts';
import type { Logger } from '#platform/logging.ts';
import type { TemporalClient } from '#platform/temporal/connect.ts';
import { RUN_WORKFLOW, type RunInput, startOptionsOf } from '#workflows/messages.ts';

/** The relay takes over what has not started after two seconds. */
const DEADLINE_MS = 1_800;
/** Between two tries while Temporal is away; the relay tries for all. */
const REST_MS = 1_000;

/** Starts an accepted run at once if Temporal is there; never throws, for the outbox row stands until the run has started. */
export type LaunchRun = (input: RunInput) => Promise<void>;

/** The launcher of one process. While Temporal is away one run a second tries, and the others do not wait for it. */
export function createLauncher(temporal: TemporalClient, sql: Sql, log: Logger): LaunchRun {
  let isAway = false;
  let nextTry = 0;
  return async (input) => {
    if (isAway && Date.now() < nextTry) return;
    nextTry = Date.now() + DEADLINE_MS + REST_MS;
    try {
      await temporal.within(DEADLINE_MS, () => temporal.client.workflow.start(RUN_WORKFLOW, startOptionsOf(input)));
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
        isAway = true;
        log.warn({ err: error, run: input.run }, 'the run waits in the outbox');
        return;
      }
    }
    isAway = false;
    // Nobody waits for this: the relay strikes off what stays.
    settleStarts(sql, [input.run]).catch((error: unknown) =>
      log.warn({ err: error, run: input.run }, 'the outbox row stays for the relay'),
    );
  };
}
