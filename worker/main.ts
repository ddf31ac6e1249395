import { Runtime } from '@temporalio/worker';
import { configOrExit } from '#platform/config.ts';
import { createLogger } from '#platform/logging.ts';
import { startWorker } from './start.ts';

const config = configOrExit();
const log = createLogger(config, 'worker');
if (process.env.CAPSTAN_PARENT_PIPE === '1') await import('#platform/local/parent-pipe.ts');

// The signals are ours: chores and recorders end in an order that the SDK knows nothing of.
Runtime.install({ shutdownSignals: [], logger: temporalLogger() });

const worker = await startWorker(config, log);
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
worker.failed.catch((error: unknown) => {
  log.fatal({ err: error }, 'a queue died');
  void stop(1);
});

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info('worker stops');
  await worker.stop();
  process.exit(code);
}

/** Temporal's own words, in our log. */
function temporalLogger() {
  const say = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: object) =>
    log[level]({ ...meta }, message);
  return {
    log: (level: string, message: string, meta?: object) => say(level.toLowerCase() as 'info')(message, meta),
    trace: say('trace'),
    debug: say('debug'),
    info: say('debug'),
    warn: say('warn'),
    error: say('error'),
  };
}
