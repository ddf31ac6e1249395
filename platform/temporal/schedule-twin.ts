import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { encodeScheduleAction } from '@temporalio/client/lib/schedule-helpers.js';
import { encodeMapToPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import type { UtcPlan } from '#jobs/recurrence/utc-plan.ts';
import type { Span, UtcCalendar } from '#jobs/recurrence/wanted.ts';
import type { OverlapPolicy } from '#jobs/schedules/definition.ts';
import { GRPC, grpcCodeOf } from './grpc-code.ts';

/** What Temporal is told of a schedule of ours; said again whenever anything of it changes. */
export interface Twin {
  readonly id: string;
  readonly plan: UtcPlan;
  readonly jitterMs: number;
  readonly overlap: OverlapPolicy;
  readonly catchupMs: number;
  readonly paused: boolean;
  /** For people who look there. */
  readonly note: string;
  /** Told once, so nothing that an edit changes. */
  readonly memo: { readonly [name: string]: string };
  readonly action: {
    readonly workflowType: string;
    readonly taskQueue: string;
    readonly args: readonly unknown[];
    readonly memo: { readonly [name: string]: string };
    readonly summary: string;
    readonly priority: number;
  };
}

/** Tells Temporal of a schedule, whether it knows it or not; both are one call that replaces all but the memo. */
export async function putTwin(client: Client, twin: Twin): Promise<'created' | 'updated'> {
  const { namespace, identity } = client.options;
  const schedule = await scheduleOf(client, twin);
  const address = { namespace, identity, scheduleId: twin.id, schedule };
  try {
    await client.workflowService.updateSchedule({ ...address, requestId: randomUUID() });
    return 'updated';
  } catch (error) {
    if (grpcCodeOf(error) !== GRPC.notFound) throw error;
  }
  const memo = { fields: await encodeMapToPayloads(client.options.loadedDataConverter, twin.memo) };
  try {
    await client.workflowService.createSchedule({ ...address, memo, requestId: randomUUID() });
    return 'created';
  } catch (error) {
    if (grpcCodeOf(error) !== GRPC.alreadyExists) throw error;
  }
  // Somebody else was faster.
  await client.workflowService.updateSchedule({ ...address, requestId: randomUUID() });
  return 'updated';
}

/** Takes a schedule away from Temporal; one that it does not know is as good. */
export async function removeTwin(client: Client, id: string): Promise<void> {
  const { namespace, identity } = client.options;
  try {
    await client.workflowService.deleteSchedule({ namespace, identity, scheduleId: id });
  } catch (error) {
    if (grpcCodeOf(error) !== GRPC.notFound) throw error;
  }
}

/** Since when (epoch milliseconds) Temporal goes by what it was told last; waits until it does. */
export async function toldSince(client: Client, id: string): Promise<number> {
  const { info } = await client.workflowService.describeSchedule({ namespace: client.options.namespace, scheduleId: id });
  return optionalTsToMs(info?.updateTime) ?? optionalTsToMs(info?.createTime) ?? Date.now();
}

/** Has a schedule go over a stretch of time (both ends included) as if its moments came now; `overlap` null: by its own policy. */
export async function goOver(client: Client, id: string, { from, to }: Span, overlap: OverlapPolicy | null): Promise<void> {
  const { namespace, identity } = client.options;
  const backfillRequest = [{ startTime: msToTs(from), endTime: msToTs(to), overlapPolicy: overlap === null ? 0 : OVERLAPS[overlap] }];
  await client.workflowService.patchSchedule({ namespace, identity, scheduleId: id, requestId: randomUUID(), patch: { backfillRequest } });
}

/** A schedule as Temporal lists it, which may lag behind. */
export interface ListedTwin {
  readonly id: string;
  readonly note: string;
  readonly paused: boolean;
}

/** The schedules that Temporal knows, a page after the other. */
export async function* listTwins(client: Client, pageSize: number): AsyncGenerator<readonly ListedTwin[]> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const page: temporal.api.workflowservice.v1.IListSchedulesResponse = await client.workflowService.listSchedules({
      namespace: client.options.namespace,
      maximumPageSize: pageSize,
      ...(nextPageToken && { nextPageToken }),
    });
    yield (page.schedules ?? []).map(({ scheduleId, info }) => ({
      id: scheduleId ?? '',
      note: info?.notes ?? '',
      paused: info?.paused ?? false,
    }));
    nextPageToken = page.nextPageToken ?? undefined;
  } while (nextPageToken && nextPageToken.length > 0);
}

/** The policies as the protocol numbers them. */
export const OVERLAPS = {
  skip: 1,
  buffer_one: 2,
  buffer_all: 3,
  cancel_other: 4,
  terminate_other: 5,
  allow_all: 6,
} as const satisfies Record<OverlapPolicy, number>;

async function scheduleOf(client: Client, twin: Twin): Promise<temporal.api.schedule.v1.ISchedule> {
  const { action } = twin;
  return {
    spec: { ...specOf(twin.plan), jitter: msToTs(twin.jitterMs), timezoneName: 'UTC' },
    // Its types lack the priority, which the encoder takes.
    action: await encodeScheduleAction(
      client.options.loadedDataConverter,
      client.options.namespace,
      {
        type: 'startWorkflow',
        workflowId: twin.id,
        workflowType: action.workflowType,
        taskQueue: action.taskQueue,
        args: [...action.args],
        memo: action.memo,
        staticSummary: action.summary,
        priority: { priorityKey: action.priority },
      } as Parameters<typeof encodeScheduleAction>[2],
      {},
    ),
    policies: { overlapPolicy: OVERLAPS[twin.overlap], catchupWindow: msToTs(twin.catchupMs), pauseOnFailure: false },
    state: { paused: twin.paused, notes: twin.note },
  };
}

function specOf(plan: UtcPlan): temporal.api.schedule.v1.IScheduleSpec {
  if (plan.kind === 'never') return {};
  if (plan.kind === 'calendars') return { structuredCalendar: plan.calendars.map(structured) };
  return {
    interval: [{ interval: msToTs(plan.everyMs), phase: msToTs(plan.offsetMs) }],
    startTime: plan.startAt === null ? null : msToTs(plan.startAt),
    endTime: plan.endAt === null ? null : msToTs(plan.endAt),
    excludeStructuredCalendar: plan.skip.map(structured),
    structuredCalendar: plan.also.map(structured),
  };
}

const EVERY_WEEKDAY = [{ start: 0, end: 6, step: 1 }];

const structured = ({ year, month, dayOfMonth, hour, minute, second }: UtcCalendar) => ({
  year: [...year],
  month: [...month],
  dayOfMonth: [...dayOfMonth],
  dayOfWeek: EVERY_WEEKDAY,
  hour: [...hour],
  minute: [...minute],
  second: [...second],
});
