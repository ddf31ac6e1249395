import { proxyLocalActivities } from '@temporalio/workflow';
import type { QueueCall } from './messages.ts';
import type { OpenRun } from './open-run.ts';

const { useQueue } = proxyLocalActivities<{ useQueue(call: QueueCall): Promise<void> }>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Well below the ten minutes after which a queue that nobody uses has no worker any more. */
const SAID_FOR_MS = 240_000;

const said = new WeakMap<OpenRun, Map<string, { readonly at: number; readonly ready: Promise<void> }>>();

/** Resolves once workers know that this run puts steps into a queue of a zone; said again every few minutes, for all steps of that time together. */
export function queueReady(run: OpenRun, queue: string): Promise<void> {
  const queues = said.get(run) ?? new Map();
  said.set(run, queues);
  const known = queues.get(queue);
  if (known && Date.now() - known.at < SAID_FOR_MS) return known.ready;
  const ready = run.shielded.run(() => useQueue({ queue }));
  queues.set(queue, { at: Date.now(), ready });
  return ready;
}
