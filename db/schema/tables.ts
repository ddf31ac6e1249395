import { auditEntries } from './audit.ts';
import { backfillDryRuns, backfillFires, backfills } from './backfills.ts';
import { bulkItems, bulkOperations } from './bulk.ts';
import { calendarFeeds, calendarReads, calendars } from './calendars.ts';
import { jobTriggers, triggerFirings } from './chains.ts';
import { notices, webhookArrivals } from './holds.ts';
import { jobs, jobTagMoves, jobTags, jobVersions } from './jobs.ts';
import { lockClaims, rateStarts } from './locks.ts';
import { logFiles } from './log-files.ts';
import { groupMembers, groups, sessions, tokens, userPreferences, users } from './people.ts';
import { plans } from './plans.ts';
import { clientWeights, queueSamples, queues } from './queues.ts';
import { commandResults, fileTransfers, remoteWork, sessionUses, sshSessions, targetChecks } from './remote.ts';
import { logChunks, runInputs, runSteps, runs, statusHistory, stepAttempts } from './runs.ts';
import { defaultViews, savedViews } from './saved-views.ts';
import { scheduleCalendars, scheduleFires, schedulePauses, schedules, scheduleVersions } from './schedules.ts';
import { idempotencyKeys, outbox, runSecrets } from './starts.ts';
import { runHours, runStatDeltas, runStats } from './stats.ts';
import { stepOverrides } from './step-overrides.ts';
import { credentials, targets } from './targets.ts';
import { workers } from './workers.ts';

/** Every table there is; a test compares them with the migrated database. */
export const TABLES = [
  runs,
  runSteps,
  stepAttempts,
  statusHistory,
  logChunks,
  runInputs,
  outbox,
  idempotencyKeys,
  runStatDeltas,
  runStats,
  runHours,
  jobs,
  jobVersions,
  jobTags,
  jobTagMoves,
  jobTriggers,
  triggerFirings,
  targets,
  credentials,
  targetChecks,
  sshSessions,
  sessionUses,
  commandResults,
  fileTransfers,
  remoteWork,
  stepOverrides,
  lockClaims,
  rateStarts,
  workers,
  users,
  groups,
  groupMembers,
  sessions,
  tokens,
  userPreferences,
  auditEntries,
  notices,
  webhookArrivals,
  runSecrets,
  plans,
  bulkOperations,
  bulkItems,
  schedules,
  scheduleVersions,
  scheduleFires,
  schedulePauses,
  scheduleCalendars,
  backfills,
  backfillFires,
  backfillDryRuns,
  calendars,
  calendarFeeds,
  calendarReads,
  logFiles,
  queues,
  queueSamples,
  clientWeights,
  savedViews,
  defaultViews,
] as const;
