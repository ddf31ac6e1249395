import type { Client } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { listIdleBulks } from '#db/queries/bulk.ts';
import { BULK_WORKFLOW, bulkWorkflowId } from '#jobs/bulk.ts';
import { RUN_QUEUE } from '#workflows/messages.ts';

/** An operation that is worked at is touched more often than this. */
const IDLE_SECONDS = 5;
const DEADLINE_MS = 2_000;

/** Starts the workflows of operations that were asked for and that nobody is at, because their API died in between or Temporal was away. */
export async function relayBulks({ sql }: Pick<Database, 'sql'>, client: Client): Promise<void> {
  for (const id of await listIdleBulks(sql, IDLE_SECONDS)) {
    await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.start(BULK_WORKFLOW, {
        taskQueue: RUN_QUEUE,
        workflowId: bulkWorkflowId(id),
        args: [id],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    );
  }
}
