import type { Database } from '#db/client.ts';
import { claimRemoteWork, type RemoteWork } from '#db/queries/remote-work.ts';

/** Notes taken up at a time. */
const AT_ONCE = 400;

/** The activity that finds what runs that have ended may have left on targets. */
export const createRemoteWork = ({ sql }: Pick<Database, 'sql'>) => ({
  /** Notes that are due, taken by nobody else for a while; none when there is nothing to clear away. */
  dueRemoteWork: (): Promise<readonly RemoteWork[]> => claimRemoteWork(sql, AT_ONCE),
});
