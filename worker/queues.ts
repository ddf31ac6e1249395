import {
  type ActivitySlotInfo,
  type CustomSlotSupplier,
  type NativeConnection,
  Worker,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { Capability, SpecsByType } from '#jobs/step.ts';
import type { Config } from '#platform/config.ts';
import { TEMPORAL_EXTENSIONS } from '#platform/temporal/extensions.ts';
import { REAP_QUEUE, RUN_QUEUE } from '#workflows/messages.ts';
import { admission } from './zones/admission.ts';
import type { AdmissionLine } from './zones/admission-line.ts';

/** Functions Temporal can call, by name. */
export type Activities = { readonly [name: string]: (...args: never[]) => Promise<unknown> };

export interface QueueOptions {
  readonly connection: NativeConnection;
  readonly config: Config;
  readonly workerId: string;
  /** Every step type, by its name, and which queue each belongs to. */
  readonly steps: Activities;
  readonly specs: SpecsByType;
  /** What is not a step: records, reconciliation. */
  readonly bookkeeping: Activities;
  /** What is not a step either, but needs the way to hosts that steps of the queue `remote` take. */
  readonly remote?: Activities;
  /** What ends on hosts what steps left there. */
  readonly reaping?: Activities;
  readonly workflowBundle: WorkflowBundleOption;
}

/** A queue this process serves, and how many executions it takes at once. */
export interface ServedQueue {
  readonly name: string;
  readonly slots: number;
  readonly worker: Worker;
}

/** Starts polling: one worker for the runs themselves, and one for each capability that is configured and has a step type. */
export async function serveQueues(options: QueueOptions): Promise<readonly ServedQueue[]> {
  const runs = await runsWorker(options);
  const capabilities = usefulCapabilities(options);
  const served = await Promise.all(capabilities.map((capability) => capabilityWorker(options, capability)));
  return [runs, ...served, ...(capabilities.includes('remote') && options.reaping ? [await reapWorker(options, options.reaping)] : [])];
}

const usefulCapabilities = ({ config: { worker }, specs }: QueueOptions): readonly Capability[] => {
  const used = new Set<Capability>([...Object.values(specs).map((spec) => spec.queue), 'bookkeeping']);
  return worker.capabilities.filter((capability) => used.has(capability));
};

const common = ({ connection, config, workerId }: QueueOptions): Omit<WorkerOptions, 'taskQueue'> => ({
  connection,
  namespace: config.temporal.namespace,
  identity: workerId,
  dataConverter: TEMPORAL_EXTENSIONS.dataConverter,
  plugins: [...TEMPORAL_EXTENSIONS.plugins],
  // Steps in flight get this long to end by themselves; then they are cancelled, and the server retries them elsewhere.
  shutdownGraceTime: '5s',
  shutdownForceTime: '10s',
});

/** Workflows with the local activities they need; apart from the queues of steps, where eager dispatch would pass by priority. */
async function runsWorker(options: QueueOptions): Promise<ServedQueue> {
  const slots = 40;
  const worker = await Worker.create({
    ...common(options),
    taskQueue: RUN_QUEUE,
    workflowBundle: options.workflowBundle,
    activities: { ...options.steps, ...options.bookkeeping },
    enableNonLocalActivities: false,
    maxConcurrentWorkflowTaskExecutions: slots,
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 2, maximum: 6 },
    maxConcurrentLocalActivityExecutions: 100,
    maxCachedWorkflows: 500,
    // A run whose worker died waits so long for it before another takes it: a cancel has to reach hosts within seconds.
    stickyQueueScheduleToStartTimeout: '2s',
    workflowThreadPoolSize: 1,
  });
  return { name: RUN_QUEUE, slots, worker };
}

async function capabilityWorker(options: QueueOptions, capability: Capability): Promise<ServedQueue> {
  const slots = options.config.worker.concurrency;
  const worker = await Worker.create({
    ...common(options),
    taskQueue: capability,
    activities: { ...stepsOf(options, capability), ...(isOwn(capability) ? options[capability] : {}) },
    maxConcurrentActivityTaskExecutions: slots,
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 2, maximum: 6 },
    // A wish to cancel arrives with the answer to a heartbeat, so heartbeats must not be held back.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  });
  return { name: capability, slots, worker };
}

/** Where the worker of a queue of a zone gets its slots, and where its steps wait while all slots of the process work. */
interface SharedSlots {
  readonly supplier: CustomSlotSupplier<ActivitySlotInfo>;
  readonly line: AdmissionLine;
}

/** A worker for the steps of one capability in one zone, with slots that its process shares out; what is no step stays on the queues without a zone. */
export async function zoneWorker(
  options: QueueOptions,
  { supplier, line }: SharedSlots,
  queue: string,
  capability: Capability,
): Promise<Worker> {
  const none = { type: 'fixed-size', numSlots: 1 } as const;
  return Worker.create({
    ...common(options),
    taskQueue: queue,
    activities: stepsOf(options, capability),
    interceptors: { activity: [admission(line, queue)] },
    tuner: {
      activityTaskSlotSupplier: supplier,
      workflowTaskSlotSupplier: none,
      localActivityTaskSlotSupplier: none,
      nexusTaskSlotSupplier: none,
    },
    // One poll, as 'simple-maximum' would have; but with that, polls that are refused for a minute end the worker, unseen and with what runs in it.
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 1, maximum: 1 },
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  });
}

async function reapWorker(options: QueueOptions, activities: Activities): Promise<ServedQueue> {
  const slots = 20;
  const worker = await Worker.create({
    ...common(options),
    taskQueue: REAP_QUEUE,
    activities,
    maxConcurrentActivityTaskExecutions: slots,
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 1, maximum: 4 },
  });
  return { name: REAP_QUEUE, slots, worker };
}

/** A queue that also serves what is not a step. */
const isOwn = (capability: Capability): capability is 'bookkeeping' | 'remote' => capability === 'bookkeeping' || capability === 'remote';

const stepsOf = ({ steps, specs }: QueueOptions, capability: Capability): Activities =>
  Object.fromEntries(Object.entries(steps).filter(([type]) => specs[type]?.queue === capability));
