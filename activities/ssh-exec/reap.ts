import type { Reap } from '../contract.ts';
import { endExecutions } from '../transports/ssh/detached/reap.ts';

/** Ends every execution of a step on its target, in all rounds; to forget also removes their directory, unless something lives on. */
export const reapSshExec: Reap = async ({ run, key, signal, ssh, target, graceMs }, forget) => {
  const session = await ssh();
  const ended = await endExecutions(session, { place: { remoteDir: target.remote_dir, run, key }, only: null, graceMs, forget }, signal);
  return { ended: ended.left.length === 0, ...ended };
};
