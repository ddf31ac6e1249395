import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import { stepOfActivity } from '#jobs/activity-terms.ts';
import type { ActivityStanding, ActivityUpdate } from '#jobs/step-surgery.ts';

/** A step's activity that has not ended, as Temporal knows it. */
export interface StepActivity extends ActivityStanding {
  readonly workflowId: string;
  readonly id: string;
  /** The step's key, or that of one of its parts. */
  readonly key: string;
  /** Attempts of the step before this activity. */
  readonly attemptsBefore: number;
}

type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

/** The activities under way of a workflow that carries out steps, and of its children whose ids begin so; none when it has ended or never began. */
export async function stepActivities(client: Client, workflowId: string, childPrefix: string): Promise<readonly StepActivity[]> {
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const own = (raw.pendingActivities ?? []).flatMap((pending) => activityOf(workflowId, pending));
    const below = (raw.pendingChildren ?? []).flatMap((child) => (child.workflowId ? [child.workflowId] : []));
    const parts = await Promise.all(below.filter((id) => id.startsWith(childPrefix)).map((id) => stepActivities(client, id, childPrefix)));
    return [...own, ...parts.flat()];
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}

function activityOf(
  workflowId: string,
  { activityId, state, attempt = 1, paused, lastStartedTime, activityOptions }: Pending,
): readonly StepActivity[] {
  const step = stepOfActivity(activityId ?? '');
  if (step === null) return [];
  const [underWay, cancelling] = [state === STATE.started || state === STATE.pausing, state === STATE.cancelling];
  const hasBegun = (attempt ?? 1) > 1 || lastStartedTime != null;
  const standing = paused ? 'paused' : underWay ? 'running' : hasBegun ? 'retrying' : 'queued';
  return [
    {
      ...step,
      workflowId,
      id: activityId ?? '',
      state: cancelling ? 'cancelling' : standing,
      isUnderWay: underWay || cancelling,
      attempt: attempt ?? 1,
      maximumAttempts: activityOptions?.retryPolicy?.maximumAttempts ?? 0,
      startToCloseMs: optionalTsToMs(activityOptions?.startToCloseTimeout) ?? 0,
      heartbeatMs: optionalTsToMs(activityOptions?.heartbeatTimeout) ?? 0,
    },
  ];
}

/** PendingActivityState of Temporal's protocol, as far as it tells more than `paused` does. */
const STATE = { started: 2, cancelling: 3, pausing: 5 } as const;

const addressOf = (client: Client, { workflowId, id }: StepActivity, identity: string) => ({
  namespace: client.options.namespace,
  execution: { workflowId },
  id,
  identity,
});

/** Changes options of an activity, its attempt under way included; does nothing when there is nothing to change. */
export async function updateActivity(client: Client, activity: StepActivity, update: ActivityUpdate, identity: string): Promise<void> {
  const paths = Object.keys(update);
  if (paths.length === 0) return;
  const time = (ms: number | undefined) => (ms === undefined ? {} : msToTs(ms));
  await client.workflowService.updateActivityOptions({
    ...addressOf(client, activity, identity),
    activityOptions: {
      startToCloseTimeout: time(update.start_to_close_timeout),
      heartbeatTimeout: time(update.heartbeat_timeout),
      retryPolicy: {
        maximumAttempts: update['retry_policy.maximum_attempts'] ?? 0,
        initialInterval: time(update['retry_policy.initial_interval']),
        backoffCoefficient: update['retry_policy.backoff_coefficient'] ?? 0,
        maximumInterval: time(update['retry_policy.maximum_interval']),
      },
    },
    // Whatever no path names stays as it is.
    updateMask: { paths },
  });
}

/** Lets no further attempt begin, and tells the one under way with the answer to its next heartbeat. */
export async function pauseActivity(client: Client, activity: StepActivity, reason: string, identity: string): Promise<void> {
  await client.workflowService.pauseActivity({ ...addressOf(client, activity, identity), reason });
}

/** Lets the next attempt begin at once; with `anew` as the first, since the one that a pause interrupts counts as one: only where none is under way. */
export async function unpauseActivity(client: Client, activity: StepActivity, anew: boolean, identity: string): Promise<void> {
  await client.workflowService.unpauseActivity({ ...addressOf(client, activity, identity), resetAttempts: anew });
}

/** Makes the next attempt the first, and lets it begin at once unless the activity is to stay paused: only where none is under way. What the last heartbeat held is kept, since work is taken up by it. */
export async function resetActivity(client: Client, activity: StepActivity, keepPaused: boolean, identity: string): Promise<void> {
  await client.workflowService.resetActivity({ ...addressOf(client, activity, identity), keepPaused, resetHeartbeat: false });
}
