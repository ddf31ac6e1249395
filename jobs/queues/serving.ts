import { ownerOf } from './owner.ts';

/** A worker process that was seen of late, and every queue that it serves by its own account. */
export interface LiveWorker {
  readonly id: string;
  readonly queues: readonly string[];
}

/** A queue of a zone that wants a worker. */
export interface OpenQueue {
  readonly name: string;
  readonly capability: string;
}

/** What a process does about the queues of zones: open these, and take nothing more from those. */
export interface Serving {
  readonly open: readonly string[];
  readonly leave: readonly string[];
}

/**
 * Which queues a process takes up and which it leaves. Those it looks after it serves; one that another process is to have it keeps until that process says
 * that it serves it, so that no queue is without anybody in between; one that is not open any more it leaves.
 */
export function whatToServe(
  me: LiveWorker,
  others: readonly LiveWorker[],
  wanted: readonly OpenQueue[],
  served: ReadonlySet<string>,
): Serving {
  const workers = [me, ...others.filter(({ id }) => id !== me.id)];
  const byId = new Map(workers.map((worker) => [worker.id, worker]));
  const offering = new Map<string, readonly string[]>();
  const able = (capability: string): readonly string[] => {
    const known = offering.get(capability) ?? workers.filter(({ queues }) => queues.includes(capability)).map(({ id }) => id);
    offering.set(capability, known);
    return known;
  };
  const open: string[] = [];
  const keep = new Set<string>();
  for (const { name, capability } of wanted) {
    const owner = ownerOf(name, able(capability));
    if (owner === me.id) {
      keep.add(name);
      if (!served.has(name)) open.push(name);
    } else if (owner !== null && served.has(name) && !byId.get(owner)?.queues.includes(name)) keep.add(name);
  }
  return { open, leave: [...served].filter((name) => !keep.has(name)) };
}
