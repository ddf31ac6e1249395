import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { Client } from '@temporalio/client';
import { createBackfills } from '#activities/bookkeeping/backfills.ts';
import { createBulk } from '#activities/bookkeeping/bulk.ts';
import { createCheckJobs } from '#activities/bookkeeping/check-jobs.ts';
import { createTargetsToCheck } from '#activities/bookkeeping/check-targets.ts';
import { createFetchCalendar } from '#activities/bookkeeping/fetch-calendar.ts';
import { createFetchChoices } from '#activities/bookkeeping/fetch-choices.ts';
import { createFires } from '#activities/bookkeeping/fires.ts';
import { createHoldFacts } from '#activities/bookkeeping/hold-facts.ts';
import { createLocks } from '#activities/bookkeeping/locks.ts';
import { createPlanSchedules } from '#activities/bookkeeping/plan-schedules.ts';
import { createQueues } from '#activities/bookkeeping/queues.ts';
import { createReadOutputs } from '#activities/bookkeeping/read-outputs.ts';
import { createReconcile } from '#activities/bookkeeping/reconcile.ts';
import { createRecordRun } from '#activities/bookkeeping/record-run.ts';
import { createRemoteWork } from '#activities/bookkeeping/remote-work.ts';
import { createResolveTargets } from '#activities/bookkeeping/resolve-targets.ts';
import { createSliceWatch } from '#activities/bookkeeping/slice-watch.ts';
import { createSubRuns } from '#activities/bookkeeping/sub-runs.ts';
import { STEP_SPECS } from '#activities/catalog.ts';
import { createStepActivities } from '#activities/index.ts';
import { connect } from '#db/client.ts';
import { forgetWorker } from '#db/queries/workers.ts';
import type { Config } from '#platform/config.ts';
import { loadKeyRing } from '#platform/key-ring.ts';
import type { Logger } from '#platform/logging.ts';
import { TEMPORAL_EXTENSIONS } from '#platform/temporal/extensions.ts';
import { connectWorker } from '#platform/temporal/worker-connection.ts';
import { workflowBundle } from './bundle.ts';
import { startChores } from './chores.ts';
import { createLaunch } from './launch.ts';
import { startLogFiles } from './log-files/start.ts';
import { presenceOf } from './presence.ts';
import { type QueueOptions, serveQueues } from './queues.ts';
import { isCancelledBySchedule, isReplaced, workflowTruth } from './truth.ts';
import { workflowVoice } from './voice.ts';
import { startZones } from './zones/start-zones.ts';

/** A worker process at work. */
export interface RunningWorker {
  readonly id: string;
  /** Takes no new work, lets steps in flight end or hands them over, writes what is still unwritten, and leaves. */
  stop(): Promise<void>;
  /** Rejects when a queue dies under us. */
  readonly failed: Promise<never>;
}

/** Serves this worker's queues, relays orphaned runs, keeps partitions and statistics, and tells that it is alive. */
export async function startWorker(config: Config, log: Logger): Promise<RunningWorker> {
  const id = `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;
  const database = connect({ url: config.database.url, max: config.database.max_connections });
  const keyRing = await loadKeyRing({ file: config.key.file, env: config.key.value });
  const connection = await connectWorker(config);
  const client = new Client({ connection, namespace: config.temporal.namespace, ...TEMPORAL_EXTENSIONS, plugins: [] });

  const voice = workflowVoice(client);
  const truths = {
    database,
    voice,
    truthOf: (workflowId: string) => workflowTruth(client, workflowId),
    isReplaced: (workflowId: string) => isReplaced(client, workflowId),
  };

  const steps = createStepActivities({ database, keyRing, workerId: id, config, log });
  const options: QueueOptions = {
    connection,
    config,
    workerId: id,
    steps: steps.activities,
    specs: STEP_SPECS,
    bookkeeping: {
      inlineSteps: steps.inlineSteps,
      ...createRecordRun({ database, voice }),
      ...createLocks({ database, voice }),
      ...createReadOutputs(database),
      ...createQueues(database),
      ...createResolveTargets(database),
      ...createSubRuns({ database, client, launch: createLaunch(database, client) }),
      ...createRemoteWork(database),
      ...createHoldFacts(database),
      ...createTargetsToCheck(database),
      ...createCheckJobs(database, STEP_SPECS),
      ...createSliceWatch({ truthOf: (workflowId) => workflowTruth(client, workflowId) }),
      ...createBackfills({ database, launch: createLaunch(database, client) }),
      ...createBulk({ database, client, launch: createLaunch(database, client) }),
      ...createFetchCalendar(config, database),
      ...createFetchChoices(config),
      ...createPlanSchedules({ database, client, log }),
      ...createReconcile(truths),
      ...createFires({
        ...truths,
        isCancelledBySchedule: (workflowId, runId) => isCancelledBySchedule(client, workflowId, runId),
      }),
    },
    remote: { ...steps.looks },
    reaping: { ...steps.reaping },
    workflowBundle: await workflowBundle(path.resolve('.capstan/bundle')),
  };
  const queues = await serveQueues(options);
  const running = queues.map(({ name, worker }) =>
    worker.run().catch((cause: unknown) => Promise.reject(new Error(`queue ${name} died`, { cause }))),
  );
  const report = presenceOf(database, id, queues);
  const zoned = startZones({ options, queues, database, client, log, report });
  const logFiles = startLogFiles({ id, config, database, log });
  const chores = startChores({ config, database, client, presence: () => report(zoned.zones), log });
  log.info({ id, queues: queues.map(({ name }) => name) }, 'worker started');

  return {
    id,
    failed: Promise.race(running.map((run) => run.then(() => new Promise<never>(() => undefined)))),
    stop: async () => {
      await Promise.all(chores.map((chore) => chore.stop()));
      const zonesEnded = zoned.stop();
      for (const { worker } of queues) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled([...running, zonesEnded]);
      await steps.close();
      await logFiles.stop();
      await forgetWorker(database.sql, id).catch(() => undefined);
      await connection.close();
      await database.close();
    },
  };
}
