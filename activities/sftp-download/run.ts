import type { Run } from '../contract.ts';
import { FileRoots } from '../transports/sftp/file-roots.ts';
import { LocalFiles } from '../transports/sftp/local-files.ts';
import { fetchFiles } from '../transports/sftp/transfer-files.ts';
import type { sftpDownload } from './spec.ts';

/** Brings what the config names to the worker. */
export const runSftpDownload: Run<typeof sftpDownload> = (config, step) =>
  fetchFiles(step, config.remote_path, new LocalFiles(new FileRoots(step.permits.file_roots)), config.local_path, config);
