import type { Database } from '#db/client.ts';
import { useQueues } from '#db/queries/queues/use-queue.ts';
import type { QueueCall } from '#workflows/messages.ts';

/** The activity by which a run has a queue of a zone made, or opened again, before it puts a step there. */
export const createQueues = ({ sql }: Pick<Database, 'sql'>) => ({
  useQueue: ({ queue }: QueueCall): Promise<void> => useQueues(sql, [queue]),
});
