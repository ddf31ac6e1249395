import type { Database } from '#db/client.ts';
import type { Config } from '#platform/config.ts';
import type { KeyRing } from '#platform/key-ring.ts';
import type { ProcessFile } from '#platform/log-files/process-file.ts';
import type { Logger } from '#platform/logging.ts';
import type { TemporalClient } from '#platform/temporal/connect.ts';
import type { Identities } from './access/identities.ts';
import type { LoginAttempts } from './access/login-attempts.ts';
import type { Outlook } from './agenda/outlook.ts';
import type { Streams } from './live/streams.ts';
import type { QueueLooks } from './queue-looks.ts';
import type { LaunchRun } from './runs/launch-run.ts';
import type { LineIndex } from './step-log/line-index.ts';
import type { Scanners } from './step-log/scanners.ts';

/** What one API process is made with. */
export interface ApiDependencies {
  readonly database: Database;
  readonly temporal: TemporalClient;
  readonly keyRing: KeyRing;
  readonly config: Config;
  readonly log: Logger;
}

/** What handlers work with. */
export interface Services extends ApiDependencies {
  readonly identities: Identities;
  readonly attempts: LoginAttempts;
  readonly streams: Streams;
  readonly launchRun: LaunchRun;
  /** Where every request is written down; null where there are no log files. */
  readonly accessFile: ProcessFile | null;
  readonly queueLooks: QueueLooks;
  readonly outlook: Outlook;
  readonly lineIndex: LineIndex;
  readonly scanners: Scanners;
  /** Names of migrations the database lacks. */
  readonly missingMigrations: () => Promise<readonly string[]>;
}
