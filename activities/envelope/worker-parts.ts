import type { Database } from '#db/client.ts';
import type { Config } from '#platform/config.ts';
import type { KeyRing } from '#platform/key-ring.ts';
import type { Logger } from '#platform/logging.ts';
import type { SshPool } from '../transports/ssh/pool.ts';
import type { LogSink } from './log-sink.ts';
import type { OverrideWatch } from './override-watch.ts';
import type { Recorder } from './recorder.ts';
import type { StepRows } from './step-rows.ts';

/** What all steps of a worker share. */
export interface WorkerParts {
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly workerId: string;
  readonly config: Pick<Config, 'worker' | 'ssh'>;
  readonly log: Logger;
  readonly recorder: Recorder;
  readonly logs: LogSink;
  readonly rows: StepRows;
  readonly overrides: OverrideWatch;
  readonly ssh: SshPool;
}
