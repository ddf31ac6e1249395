import type { StepContext } from '../../contract.ts';
import type { SshSession } from '../ssh/session.ts';
import { type CarryOptions, carry, type Item, itemsAt } from './carry.ts';
import type { Files } from './files.ts';
import { RemoteFiles } from './remote-files.ts';
import { ScpFiles } from './scp/scp-files.ts';

/** How long clearing away after a stopped step may take. */
const SWEEP_MS = 5000;

export interface TransferConfig extends CarryOptions {
  readonly protocol?: 'sftp' | 'scp' | undefined;
}

/** The files of a host, over the protocol that a config asks for. */
export const filesOf = (session: SshSession, signal: AbortSignal, protocol: TransferConfig['protocol'] = 'sftp'): Files =>
  protocol === 'scp' ? new ScpFiles(session, signal) : new RemoteFiles(session, signal);

/** Brings items of the worker to the step's target. */
export async function sendFiles(
  step: StepContext,
  { from, items, isTree }: { readonly from: Files; readonly items: readonly Item[]; readonly isTree: boolean },
  destination: string,
  config: TransferConfig,
) {
  const session = await step.ssh();
  const to = filesOf(session, step.signal, config.protocol);
  const route = {
    from,
    to,
    sweeper: () => filesOf(session, AbortSignal.timeout(SWEEP_MS), config.protocol),
    shown: (sourcePath: string, targetPath: string, size: number) =>
      ({ operation_type: 'upload', local_path: sourcePath, remote_path: targetPath, file_size: size }) as const,
    count: session.count,
  };
  return carry(step, route, { items, isTree }, destination, config).finally(() => to.close());
}

/** Brings what stands at a path of the step's target to the worker. */
export async function fetchFiles(step: StepContext, source: string, to: Files, destination: string, config: TransferConfig) {
  const session = await step.ssh();
  const from = filesOf(session, step.signal, config.protocol);
  const route = {
    from,
    to,
    sweeper: () => to,
    shown: (sourcePath: string, targetPath: string, size: number) =>
      ({ operation_type: 'download', local_path: targetPath, remote_path: sourcePath, file_size: size }) as const,
    count: session.count,
  };
  try {
    const found = await itemsAt(from, await from.absolute(source), config.recursive === true);
    return await carry(step, route, found, destination, config);
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
  const route = {
    from,
    to,
    sweeper: () => filesOf(here, AbortSignal.timeout(SWEEP_MS), config.protocol),
    shown: (sourcePath: string, targetPath: string, size: number) =>
      ({ operation_type: 'copy', local_path: `${there.peer.target}:${sourcePath}`, remote_path: targetPath, file_size: size }) as const,
    count: (done: { readonly files: number; readonly bytes: number }) => {
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
