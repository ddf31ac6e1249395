import type { Run } from '../contract.ts';
import { copyFiles } from '../transports/sftp/transfer-files.ts';
import type { sshCopy } from './spec.ts';

/** Brings what the config names from one host to the other. */
export const runSshCopy: Run<typeof sshCopy> = (config, step) =>
  copyFiles(step, config.from_target, config.from_path, config.to_path, config);
