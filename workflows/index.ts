export { checkTargets, scanTarget } from './check-targets.ts';
export { janitor } from './janitor.ts';
export { reconcile } from './reconcile.ts';
export { runJob } from './run-job.ts';
