import { Hono } from 'hono';
import type { Env } from './env.ts';
import { account } from './routes/account.ts';
import { audit } from './routes/audit.ts';
import { comparisons } from './routes/compare.ts';
import { credentials } from './routes/credentials.ts';
import { events } from './routes/events.ts';
import { groups } from './routes/groups.ts';
import { hostKeys } from './routes/host-keys.ts';
import { inventory } from './routes/inventory.ts';
import { jobs } from './routes/jobs.ts';
import { reference } from './routes/reference.ts';
import { remoteWork } from './routes/remote-work.ts';
import { reruns } from './routes/reruns.ts';
import { ownRunStarts, runStarts } from './routes/run-starts.ts';
import { runStats } from './routes/run-stats.ts';
import { runSteps } from './routes/run-steps.ts';
import { runs } from './routes/runs.ts';
import { targetChecks } from './routes/target-checks.ts';
import { targets } from './routes/targets.ts';
import { tokens } from './routes/tokens.ts';
import { users } from './routes/users.ts';
import { workers } from './routes/workers.ts';

/** Every resource under the API's prefix, one file each. */
export const app = new Hono<Env>()
  .route('/', account)
  .route('/', reference)
  .route('/jobs', jobs)
  .route('/jobs', runStarts)
  .route('/runs', runStats)
  .route('/runs', comparisons)
  .route('/runs', runs)
  .route('/runs', reruns)
  .route('/runs', ownRunStarts)
  .route('/runs', runSteps)
  .route('/runs', remoteWork)
  .route('/targets', inventory)
  .route('/targets', hostKeys)
  .route('/targets', targetChecks)
  .route('/targets', targets)
  .route('/credentials', credentials)
  .route('/workers', workers)
  .route('/users', users)
  .route('/groups', groups)
  .route('/tokens', tokens)
  .route('/audit', audit)
  .route('/events', events);

/** The API as its clients type it: `hc<Api>(url)`. */
export type Api = typeof app;
