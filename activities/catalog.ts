import type { SpecsByType } from '#jobs/step.ts';
import { approval } from './approval/spec.ts';
import { deviceCommand } from './device-command/spec.ts';
import { httpRequest } from './http-request/spec.ts';
import { jobRun } from './job-run/spec.ts';
import { localExec } from './local-exec/spec.ts';
import { sftpDownload } from './sftp-download/spec.ts';
import { sftpSync } from './sftp-sync/spec.ts';
import { sftpUpload } from './sftp-upload/spec.ts';
import { sshCopy } from './ssh-copy/spec.ts';
import { sshExec } from './ssh-exec/spec.ts';
import { waitDuration } from './wait-duration/spec.ts';
import { waitSignal } from './wait-signal/spec.ts';
import { waitUntil } from './wait-until/spec.ts';
import { waitWebhook } from './wait-webhook/spec.ts';

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
  approval,
  'job.run': jobRun,
  'wait.duration': waitDuration,
  'wait.until': waitUntil,
  'wait.signal': waitSignal,
  'wait.webhook': waitWebhook,
} as const satisfies SpecsByType;

type StepType = keyof typeof STEP_SPECS;
/** Types that a worker carries out. */
export type ActivityStepType = { [T in StepType]: (typeof STEP_SPECS)[T]['kind'] extends 'activity' ? T : never }[StepType];
/** Types that the run itself carries out, by waiting. */
export type WorkflowStepType = Exclude<StepType, ActivityStepType>;
