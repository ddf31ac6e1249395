import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { OverlapPolicy } from '#jobs/schedules/definition.ts';
import type { TwinStanding } from '#jobs/schedules/next-telling.ts';
import { GRPC, grpcCodeOf } from './grpc-code.ts';
import { OVERLAPS } from './schedule-twin.ts';

/** What Temporal has under way of a schedule, once it has done all it was told; null: it has no such schedule. */
export async function standingOf(client: Client, id: string): Promise<TwinStanding | null> {
  try {
    const { info, schedule } = await client.workflowService.describeSchedule({ namespace: client.options.namespace, scheduleId: id });
    const running = (info?.runningWorkflows ?? []).flatMap(({ workflowId }) => workflowId ?? []);
    const [next] = info?.futureActionTimes ?? [];
    return {
      running,
      waiting: Number(info?.bufferSize ?? 0),
      isBehind: isLate(optionalTsToMs(next), optionalTsToMs(schedule?.policies?.catchupWindow)),
    };
  } catch (error) {
    if (grpcCodeOf(error) === GRPC.notFound) return null;
    throw error;
  }
}

/** Beyond this it does not come by itself any more. */
const HOPELESS_MS = 600_000;

/** Whether what Temporal means to start next should have begun by now; what is older than its catch-up window it will not start, yet goes on naming it. */
const isLate = (next: number | undefined, catchupMs = HOPELESS_MS): boolean =>
  next !== undefined && next < Date.now() - 1_000 && next > Date.now() - Math.min(HOPELESS_MS, catchupMs);

/** Has a schedule start its workflow for a moment (epoch milliseconds) now, and waits until it has taken that in: of two it is told at once it would forget one. */
export async function triggerTwin(client: Client, id: string, nominalAt: number, overlap: OverlapPolicy): Promise<void> {
  const { namespace, identity } = client.options;
  await client.workflowService.patchSchedule({
    namespace,
    identity,
    scheduleId: id,
    requestId: randomUUID(),
    patch: { triggerImmediately: { overlapPolicy: OVERLAPS[overlap], scheduledTime: msToTs(nominalAt) } },
  });
  await standingOf(client, id);
}
