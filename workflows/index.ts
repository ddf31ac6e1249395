export { bulk } from './bulk.ts';
export { checkJobs } from './check-jobs.ts';
export { checkTargets, scanTarget } from './check-targets.ts';
export { fetchChoices } from './fetch-choices.ts';
export { janitor } from './janitor.ts';
export { reconcile } from './reconcile.ts';
export { runJob } from './run-job.ts';
export { runSlice } from './run-slice.ts';
