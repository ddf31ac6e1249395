import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest though they mostly wait: for what was killed, for clocks, for lines that are dead. Longest first. */
const WAITING = [
  'test/kills.real.test.ts',
  'test/reattach.real.test.ts',
  'test/verb-kills.real.test.ts',
  'test/queues.real.test.ts',
  'test/schedules.real.test.ts',
  'test/surgery.real.test.ts',
  'test/schedule-fires.real.test.ts',
  'activities/device-command/simulated-devices.real.test.ts',
  'test/calendars.real.test.ts',
  'test/items.real.test.ts',
  'test/log-files.real.test.ts',
  'test/effects.real.test.ts',
  'test/phases.real.test.ts',
  'test/windows.real.test.ts',
  'test/backfills.real.test.ts',
  'test/reruns.real.test.ts',
  'test/locks.real.test.ts',
  'activities/transports/ssh/upkeep.real.test.ts',
  'test/holds.real.test.ts',
  'test/bulk.real.test.ts',
  'test/transfers.real.test.ts',
  'test/secrets-on-hosts.real.test.ts',
  'cli/schedules.real.test.ts',
  'test/inline-kills.real.test.ts',
  'api/events.real.test.ts',
];

/** The files that take longest since they keep the processor busy, longest first. */
const COMPUTING = [
  'platform/local/start.real.test.ts',
  'test/long-runs.real.test.ts',
  'test/page-places.real.test.ts',
  'test/page-access.real.test.ts',
  'activities/transports/sftp/transfers.real.test.ts',
  'test/recurrence.real.test.ts',
  'test/page-live.real.test.ts',
  'cli/cli.real.test.ts',
  'test/fan-out.real.test.ts',
  'test/many-runs.real.test.ts',
  'test/page.real.test.ts',
  'test/edge-backup.real.test.ts',
  'api/runs.real.test.ts',
  'activities/ssh-exec/flood.real.test.ts',
  'test/page-log.real.test.ts',
  'test/page-run.real.test.ts',
  'activities/ssh-exec/servers.real.test.ts',
  'test/page-time.real.test.ts',
  'test/page-runs.real.test.ts',
  'test/templates.real.test.ts',
  'test/page-builder.real.test.ts',
  'activities/envelope/flood.real.test.ts',
  'platform/local/postgres.real.test.ts',
  'activities/transports/ssh/detached/detached.test.ts',
];

/** One of each in turn: while some wait others compute, and what takes long begins early, since whichever began last would be waited for alone. */
const LONG = WAITING.flatMap((file, at) => [file, ...COMPUTING.slice(at, at + 1)]);

/** Begins with the files known to be long, then with those that were long last time, and where nothing is known with the largest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONG.indexOf(path.relative(this.ctx.config.root, moduleId));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}
