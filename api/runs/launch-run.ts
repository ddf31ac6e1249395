import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Sql } from '#db/client.ts';
import { settleCancel, settleStarts } from '#db/queries/outbox.ts';
import type { Logger } from '#platform/logging.ts';
import { cancelWorkflow } from '#platform/temporal/cancel-workflow.ts';
import type { TemporalClient } from '#platform/temporal/connect.ts';
import { RUN_WORKFLOW, type RunInput, startOptionsOf, WITHDRAWN, workflowIdOf } from '#workflows/messages.ts';

/** The relay takes over what has not started after two seconds. */
const DEADLINE_MS = 1_800;
/** Between two tries while Temporal is away; the relay tries for all. */
const REST_MS = 1_000;
const SETTLE_MS = 50;

/** Starts an accepted run at once if Temporal is there; never throws, for the outbox row stands until the run has started. */
export type LaunchRun = (input: RunInput) => Promise<void>;

/** The launcher of one process. While Temporal is away one run a second tries, and the others do not wait for it. */
export function createLauncher(temporal: TemporalClient, sql: Sql, log: Logger): LaunchRun {
  let isAway = false;
  let isTrying = false;
  let nextTry = 0;
  let started: string[] = [];

  const settleAndTell = async (runs: readonly string[]): Promise<void> => {
    const withdrawn = await settleStarts(sql, runs);
    const outcomes = await Promise.allSettled(
      withdrawn.map(async (run) => {
        await temporal.within(DEADLINE_MS, () => cancelWorkflow(temporal.client, workflowIdOf(run), WITHDRAWN));
        await settleCancel(sql, run);
      }),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
  };

  /** Strikes starts off in batches, off the way of the runs themselves; the relay strikes off what stays. */
  const settle = (run: string): void => {
    if (started.push(run) > 1) return;
    setTimeout(() => {
      const runs = started;
      started = [];
      settleAndTell(runs).catch((error: unknown) => log.warn({ err: error, runs }, 'the outbox rows stay for the relay'));
    }, SETTLE_MS).unref();
  };

  return async (input) => {
    if (isAway && (isTrying || Date.now() < nextTry)) return;
    isTrying = true;
    try {
      await temporal.within(DEADLINE_MS, () => startOnce(temporal, input));
      isAway = false;
      settle(input.run);
    } catch (error) {
      isAway = true;
      nextTry = Date.now() + REST_MS;
      log.warn({ err: error, run: input.run }, 'the run waits in the outbox');
    } finally {
      isTrying = false;
    }
  };
}

/** Starts a run's workflow unless somebody was faster. */
export async function startOnce({ client }: TemporalClient, input: RunInput): Promise<void> {
  try {
    await client.workflow.start(RUN_WORKFLOW, startOptionsOf(input));
  } catch (error) {
    // The relay was faster, and the run has even ended.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
