import type { Client } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { ensurePartitions } from '#db/partitions.ts';
import { closeDeadSessions } from '#db/queries/close-dead-sessions.ts';
import { foldStats } from '#db/queries/fold-stats.ts';
import { purgeExpired } from '#db/queries/purge-expired.ts';
import { emptyTrash } from '#db/queries/purge-jobs.ts';
import type { Config } from '#platform/config.ts';
import type { Logger } from '#platform/logging.ts';
import { publicApiUrl } from '#platform/public-url.ts';
import { zoneData } from '#platform/zone-data.ts';
import { advanceSchedules } from './arming/advance.ts';
import { createArming } from './arming/arm-due.ts';
import { relayArrivals } from './arrivals.ts';
import { startAsked } from './asked-fires.ts';
import { relayBackfills } from './backfills.ts';
import { relayBulks } from './bulks.ts';
import { refreshCalendars } from './calendars.ts';
import { followEnds } from './chaining.ts';
import { relayGrants } from './grants.ts';
import { createLaunch } from './launch.ts';
import { relayStarts } from './relay.ts';
import { type Repeated, repeat } from './repeat.ts';
import { ensureSchedules } from './schedules.ts';
import { sweepSchedules } from './sweep.ts';
import { workflowVoice } from './voice.ts';
import { createWindowRelay } from './windows.ts';

interface ChoreDeps {
  readonly config: Config;
  readonly database: Database;
  readonly client: Client;
  /** Tells that this process is alive, and what it serves. */
  readonly presence: () => Promise<void>;
  readonly log: Logger;
}

const SECOND = 1_000;

/** What every worker does beside its queues; each is safe to be done by many workers at once. */
export const startChores = ({ config, database, client, presence, log }: ChoreDeps): readonly Repeated[] => {
  return [
    repeat('presence', 5 * SECOND, presence, log),
    repeat('relay', SECOND, () => relayStarts(database, client), log),
    repeat('chains', SECOND, () => followEnds(database, createLaunch(database, client)), log),
    repeat('bulk operations', 5 * SECOND, () => relayBulks(database, client), log),
    repeat('backfills', 10 * SECOND, () => relayBackfills(database, client), log),
    repeat('relay of arrivals', SECOND, () => relayArrivals(database, client), log),
    repeat('relay of granted locks', 2 * SECOND, () => relayGrants({ database, voice: workflowVoice(client) }), log),
    repeat('windows', 3 * SECOND, createWindowRelay(database, workflowVoice(client)), log),
    repeat('calendars', 2 * SECOND, () => refreshCalendars(database, config), log),
    repeat('statistics', SECOND, () => foldStats(database.sql), log),
    repeat('expired rows', 3_600 * SECOND, () => purgeExpired(database.sql), log),
    repeat('partitions', 3_600 * SECOND, () => ensurePartitions(database.sql, new Date()), log),
    repeat('trash', 600 * SECOND, () => emptyTrash(database.sql), log),
    repeat('sessions of dead workers', 60 * SECOND, () => closeDeadSessions(database.sql), log),
    repeat('arming', SECOND, createArming({ sql: database.sql, client, zones: zoneData(), base: publicApiUrl(config) }), log),
    repeat('times of schedules', SECOND, () => advanceSchedules({ sql: database.sql, zones: zoneData() }), log),
    repeat('missed moments', 5 * SECOND, () => sweepSchedules(database, zoneData()), log),
    repeat(
      'starts asked for',
      SECOND,
      () => startAsked({ database, client, zones: zoneData(), launch: createLaunch(database, client) }),
      log,
    ),
    repeat('schedules', 600 * SECOND, () => ensureSchedules(client, config), log),
  ];
};
