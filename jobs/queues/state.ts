/** What a queue is doing, in words that people read. */
export const QUEUE_STATES = ['open', 'paused', 'stalled', 'unserved', 'idle'] as const;
export type QueueState = (typeof QUEUE_STATES)[number];

/** A person's word comes before all else; a queue that nobody serves, though it is open, is unserved. */
export function queueState(queue: {
  readonly isPaused: boolean;
  readonly hasProblem: boolean;
  readonly isOpen: boolean;
  readonly servedBy: number;
}): QueueState {
  if (queue.isPaused) return 'paused';
  if (!queue.isOpen) return 'idle';
  if (queue.hasProblem) return 'stalled';
  return queue.servedBy > 0 ? 'open' : 'unserved';
}
