import type { Database } from '#db/client.ts';
import { claimRemoteWork, hasRemoteWork, type RemoteWork } from '#db/queries/remote-work.ts';
import type { ReapCall } from '#workflows/messages.ts';

/** Notes taken up at a time. */
const AT_ONCE = 400;

/** The activities that find what runs may have left on targets. */
export const createRemoteWork = ({ sql }: Pick<Database, 'sql'>) => ({
  /** Notes that are due, taken by nobody else for a while; none when there is nothing to clear away. */
  dueRemoteWork: (): Promise<readonly RemoteWork[]> => claimRemoteWork(sql, AT_ONCE),
  /** Whether the step ever got to begin something on its target. */
  mayHaveLeft: (call: ReapCall): Promise<boolean> => hasRemoteWork(sql, call),
});
