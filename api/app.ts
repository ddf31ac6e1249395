import { Hono } from 'hono';
import type { Env } from './env.ts';
import { account } from './routes/account.ts';
import { agenda } from './routes/agenda.ts';
import { approvals, runApprovals } from './routes/approvals.ts';
import { audit } from './routes/audit.ts';
import { backfills } from './routes/backfills.ts';
import { bulk, bulkJobs, bulkRuns } from './routes/bulk.ts';
import { bulkPreview } from './routes/bulk-preview.ts';
import { calendars } from './routes/calendars.ts';
import { choices } from './routes/choices.ts';
import { comparisons } from './routes/compare.ts';
import { credentials } from './routes/credentials.ts';
import { events } from './routes/events.ts';
import { groups } from './routes/groups.ts';
import { hostKeys } from './routes/host-keys.ts';
import { inventory } from './routes/inventory.ts';
import { jobCatalog } from './routes/job-catalog.ts';
import { jobCopies, runsAsJobs } from './routes/job-copies.ts';
import { jobExchange } from './routes/job-exchange.ts';
import { jobGrid } from './routes/job-grid.ts';
import { jobTrash } from './routes/job-trash.ts';
import { jobVersions } from './routes/job-versions.ts';
import { jobs } from './routes/jobs.ts';
import { locks } from './routes/locks.ts';
import { logFiles } from './routes/log-files.ts';
import { draftPlans, plans } from './routes/plans.ts';
import { preferences } from './routes/preferences.ts';
import { queues } from './routes/queues.ts';
import { reference } from './routes/reference.ts';
import { remoteWork } from './routes/remote-work.ts';
import { reruns } from './routes/reruns.ts';
import { runLists } from './routes/run-lists.ts';
import { ownRunStarts, runStarts } from './routes/run-starts.ts';
import { runStats } from './routes/run-stats.ts';
import { runSteps } from './routes/run-steps.ts';
import { runs } from './routes/runs.ts';
import { savedViews } from './routes/saved-views.ts';
import { scheduleFires } from './routes/schedule-fires.ts';
import { scheduleHistory } from './routes/schedule-history.ts';
import { schedulePauses, scheduleSwitch } from './routes/schedule-pauses.ts';
import { schedulePreview } from './routes/schedule-preview.ts';
import { schedules } from './routes/schedules.ts';
import { stepLog } from './routes/step-log.ts';
import { stepSummaries } from './routes/step-summaries.ts';
import { stepSurgery } from './routes/step-surgery.ts';
import { stepTests } from './routes/step-tests.ts';
import { system } from './routes/system.ts';
import { targetChecks } from './routes/target-checks.ts';
import { targets } from './routes/targets.ts';
import { tokens } from './routes/tokens.ts';
import { triggerFirings } from './routes/trigger-firings.ts';
import { users } from './routes/users.ts';
import { runMessages, webhooks } from './routes/webhooks.ts';
import { workers } from './routes/workers.ts';

/** Every resource under the API's prefix, one file each. */
export const app = new Hono<Env>()
  .route('/', account)
  .route('/', preferences)
  .route('/', reference)
  .route('/jobs', jobCatalog)
  .route('/jobs', jobExchange)
  .route('/jobs', jobTrash)
  .route('/jobs', jobGrid)
  .route('/jobs', jobVersions)
  .route('/jobs', jobCopies)
  .route('/jobs', bulkJobs)
  .route('/jobs', jobs)
  .route('/jobs', runStarts)
  .route('/jobs', choices)
  .route('/jobs', plans)
  .route('/jobs', draftPlans)
  .route('/jobs', stepTests)
  .route('/jobs', triggerFirings)
  .route('/runs', bulkRuns)
  .route('/runs', bulkPreview)
  .route('/runs', runLists)
  .route('/runs', runStats)
  .route('/runs', comparisons)
  .route('/runs', runs)
  .route('/runs', reruns)
  .route('/runs', ownRunStarts)
  .route('/runs', runSteps)
  .route('/runs', stepSummaries)
  .route('/runs', stepLog)
  .route('/runs', stepSurgery)
  .route('/runs', remoteWork)
  .route('/runs', runApprovals)
  .route('/runs', runMessages)
  .route('/approvals', approvals)
  .route('/hooks', webhooks)
  .route('/runs', runsAsJobs)
  .route('/schedules', schedulePreview)
  .route('/schedules', agenda)
  .route('/schedules', backfills)
  .route('/schedules', scheduleFires)
  .route('/schedules', scheduleHistory)
  .route('/targets', inventory)
  .route('/targets', hostKeys)
  .route('/targets', targetChecks)
  .route('/targets', targets)
  .route('/calendars', calendars)
  .route('/credentials', credentials)
  .route('/queues', queues)
  .route('/schedules', schedulePauses)
  .route('/schedules', schedules)
  .route('/schedule-switch', scheduleSwitch)
  .route('/workers', workers)
  .route('/system', system)
  .route('/users', users)
  .route('/groups', groups)
  .route('/tokens', tokens)
  .route('/bulk', bulk)
  .route('/views', savedViews)
  .route('/locks', locks)
  .route('/audit', audit)
  .route('/log-files', logFiles)
  .route('/events', events);

/** The API as its clients type it: `hc<Api>(url)`. */
export type Api = typeof app;
