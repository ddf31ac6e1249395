import type { InlineCall, InlineReport, StepCall, StepReport } from '#workflows/messages.ts';
import type { TargetLooks } from './bookkeeping/check-targets.ts';
import { type ActivityStepType, STEP_SPECS } from './catalog.ts';
import { runDeviceCommand } from './device-command/run.ts';
import type { Step } from './envelope/attempt.ts';
import { createEnvelope, type Reaping, type StepDeps } from './envelope.ts';
import { runHttpRequest } from './http-request/run.ts';
import { runLocalExec } from './local-exec/run.ts';
import { runSftpDownload } from './sftp-download/run.ts';
import { runSftpSync } from './sftp-sync/run.ts';
import { runSftpUpload } from './sftp-upload/run.ts';
import { runSshCopy } from './ssh-copy/run.ts';
import { reapSshExec } from './ssh-exec/reap.ts';
import { runSshExec } from './ssh-exec/run.ts';

/** Every step type that a worker carries out, with what it does. */
export const STEPS = {
  'ssh.exec': { spec: STEP_SPECS['ssh.exec'], run: runSshExec, reap: reapSshExec },
  'ssh.copy': { spec: STEP_SPECS['ssh.copy'], run: runSshCopy },
  'sftp.upload': { spec: STEP_SPECS['sftp.upload'], run: runSftpUpload },
  'sftp.download': { spec: STEP_SPECS['sftp.download'], run: runSftpDownload },
  'sftp.sync': { spec: STEP_SPECS['sftp.sync'], run: runSftpSync },
  'device.command': { spec: STEP_SPECS['device.command'], run: runDeviceCommand },
  'local.exec': { spec: STEP_SPECS['local.exec'], run: runLocalExec },
  'http.request': { spec: STEP_SPECS['http.request'], run: runHttpRequest },
} as const satisfies Record<ActivityStepType, Step>;

type StepActivities = { readonly [type in ActivityStepType]: (call: StepCall) => Promise<StepReport> };

/** What a worker carries out steps with. */
export interface StepWork {
  /** The activities of all step types, by type. */
  readonly activities: StepActivities;
  /** The local activity for rows of inline steps of any type. */
  readonly inlineSteps: (call: InlineCall) => Promise<InlineReport>;
  /** The activities that end what steps left on their targets. */
  readonly reaping: Reaping;
  /** The activities that find how targets are. */
  readonly looks: TargetLooks;
  /** Closes what steps share; to be called once none runs any more. */
  close(): Promise<void>;
}

/** All step types made ready to run on this worker. */
export function createStepActivities(deps: StepDeps): StepWork {
  const envelope = createEnvelope(deps);
  const activities = Object.fromEntries(Object.entries(STEPS).map(([type, step]) => [type, envelope.around(step)])) as StepActivities;
  return {
    activities,
    inlineSteps: envelope.inline(STEPS),
    reaping: envelope.reaping(STEPS),
    looks: envelope.looks,
    close: () => envelope.close(),
  };
}
