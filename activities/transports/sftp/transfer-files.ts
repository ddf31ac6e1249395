import type { StepContext } from '../../contract.ts';
import type { SshSession } from '../ssh/session.ts';
import { type CarryOptions, carry, type Item, itemsAt, type Route } from './carry.ts';
import type { Files } from './files.ts';
import { RemoteFiles } from './remote-files.ts';
import { ScpFiles } from './scp/scp-files.ts';

/** How long clearing away after a stopped step may take. */
const SWEEP_MS = 5000;

type Protocol = 'sftp' | 'scp' | undefined;

export interface TransferConfig extends CarryOptions {
  readonly protocol?: Protocol;
}

/** The files of a host, over the protocol that a config asks for. */
export const filesOf = (session: SshSession, signal: AbortSignal, protocol: Protocol = 'sftp'): Files =>
  protocol === 'scp' ? new ScpFiles(session, signal) : new RemoteFiles(session, signal);

/** The way between the worker and a host. */
export const routeBetween = (session: SshSession, local: Files, remote: Files, way: 'up' | 'down', protocol?: Protocol): Route => ({
  from: way === 'up' ? local : remote,
  to: way === 'up' ? remote : local,
  sweeper: () => (way === 'up' ? filesOf(session, AbortSignal.timeout(SWEEP_MS), protocol) : local),
  shown: (source, target, size) =>
    way === 'up'
      ? { operation_type: 'upload', local_path: source, remote_path: target, file_size: size }
      : { operation_type: 'download', local_path: target, remote_path: source, file_size: size },
  count: (done) => session.count(done),
});

/** Brings items of the worker to the step's target. */
export async function sendFiles(
  step: StepContext,
  { from, items, isTree }: { readonly from: Files; readonly items: readonly Item[]; readonly isTree: boolean },
  destination: string,
  config: TransferConfig,
) {
  const session = await step.ssh();
  const to = filesOf(session, step.signal, config.protocol);
  const route = routeBetween(session, from, to, 'up', config.protocol);
  return carry(step, route, { items, isTree }, destination, config).finally(() => to.close());
}

/** Brings what stands at a path of the step's target to the worker. */
export async function fetchFiles(step: StepContext, source: string, to: Files, destination: string, config: TransferConfig) {
  const session = await step.ssh();
  const from = filesOf(session, step.signal, config.protocol);
  try {
    const found = await itemsAt(from, await from.absolute(source), config.recursive === true);
    return await carry(step, routeBetween(session, to, from, 'down', config.protocol), found, destination, config);
  } finally {
    from.close();
  }
}

/** Brings what stands at a path of one host to the step's target. */
export async function copyFiles(
  step: StepContext,
  fromTarget: string | undefined,
  source: string,
  destination: string,
  config: TransferConfig,
) {
  const [there, here] = await Promise.all([step.ssh(fromTarget), step.ssh()]);
  const from = filesOf(there, step.signal, config.protocol);
  const to = filesOf(here, step.signal, config.protocol);
  const route: Route = {
    from,
    to,
    sweeper: () => filesOf(here, AbortSignal.timeout(SWEEP_MS), config.protocol),
    shown: (sourcePath, targetPath, size) => ({
      operation_type: 'copy',
      local_path: `${there.peer.target}:${sourcePath}`,
      remote_path: targetPath,
      file_size: size,
    }),
    count: (done) => {
      there.count(done);
      here.count(done);
    },
  };
  try {
    const found = await itemsAt(from, await from.absolute(source), config.recursive === true);
    return await carry(step, route, found, destination, config);
  } finally {
    from.close();
    to.close();
  }
}
