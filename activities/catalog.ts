import type { SpecsByType } from '#jobs/step.ts';
import { deviceCommand } from './device-command/spec.ts';
import { httpRequest } from './http-request/spec.ts';
import { localExec } from './local-exec/spec.ts';
import { sftpDownload } from './sftp-download/spec.ts';
import { sftpSync } from './sftp-sync/spec.ts';
import { sftpUpload } from './sftp-upload/spec.ts';
import { sshCopy } from './ssh-copy/spec.ts';
import { sshExec } from './ssh-exec/spec.ts';

/** Every step type there is, as data: what definitions are checked against and what forms and documentation show. */
export const STEP_SPECS = {
  'ssh.exec': sshExec,
  'ssh.copy': sshCopy,
  'sftp.upload': sftpUpload,
  'sftp.download': sftpDownload,
  'sftp.sync': sftpSync,
  'device.command': deviceCommand,
  'local.exec': localExec,
  'http.request': httpRequest,
} as const satisfies SpecsByType;

export type StepType = keyof typeof STEP_SPECS;
