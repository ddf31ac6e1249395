import { approvedChange } from './approved-change.ts';
import { chainOfJobs } from './chain-of-jobs.ts';
import { deviceConfigurations } from './device-configurations.ts';
import { forEach } from './for-each.ts';
import { httpHealthCheck } from './http-health-check.ts';
import { nightlyCleanup } from './nightly-cleanup.ts';
import { rollingChange } from './rolling-change.ts';
import { runCommand } from './run-command.ts';
import type { JobTemplate } from './template.ts';
import { uploadAndRestart } from './upload-and-restart.ts';

/** Every template there is, from the simple to the involved. */
export const JOB_TEMPLATES: readonly JobTemplate[] = [
  runCommand,
  uploadAndRestart,
  rollingChange,
  deviceConfigurations,
  httpHealthCheck,
  approvedChange,
  nightlyCleanup,
  forEach,
  chainOfJobs,
];
