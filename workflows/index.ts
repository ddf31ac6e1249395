export { reconcile } from './reconcile.ts';
export { runJob } from './run-job.ts';
