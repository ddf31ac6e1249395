import type { Run } from '../contract.ts';
import { FileRoots } from '../transports/sftp/file-roots.ts';
import { LocalFiles } from '../transports/sftp/local-files.ts';
import { sync } from '../transports/sftp/sync.ts';
import { filesOf, routeBetween } from '../transports/sftp/transfer-files.ts';
import type { sftpSync } from './spec.ts';

/** Makes one directory like the other. */
export const runSftpSync: Run<typeof sftpSync> = async (config, step) => {
  const session = await step.ssh();
  const local = new LocalFiles(new FileRoots(step.permits.file_roots));
  const remote = filesOf(session, step.signal);
  try {
    const [here, there] = await Promise.all([local.absolute(config.local_path), remote.absolute(config.remote_path)]);
    return config.direction === 'up'
      ? await sync(step, routeBetween(session, local, remote, 'up'), here, there, config)
      : await sync(step, routeBetween(session, local, remote, 'down'), there, here, config);
  } finally {
    remote.close();
  }
};
