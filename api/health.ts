import { zoneData } from '#platform/zone-data.ts';
import { RUN_QUEUE } from '#workflows/messages.ts';
import { logFilesStanding } from './log-files.ts';
import type { Services } from './services.ts';

const PATIENCE_MS = 1_500;
/** A worker that waits for work asks anew at least once a minute. */
const POLLED_WITHIN_MS = 70_000;
const WORKFLOW_TASKS = 1;

/** One part of the product and how it is. */
export interface Check {
  readonly name: 'postgres' | 'migrations' | 'temporal' | 'worker' | 'zone_data' | 'log_files';
  readonly ok: boolean;
  readonly detail: string;
}

/** Asks every part that a run needs; never throws, and answers within two seconds. */
export async function checkParts(services: Services): Promise<readonly Check[]> {
  const [postgres, migrations, temporal, worker, zones, files] = await Promise.all([
    check('postgres', async () => {
      await services.database.sql`select 1`;
      return 'answers';
    }),
    check('migrations', async () => {
      const missing = await services.missingMigrations();
      if (missing.length > 0) throw new Error(`not applied: ${missing.join(', ')}`);
      return 'all applied';
    }),
    check('temporal', async () => {
      await services.temporal.within(PATIENCE_MS, () => services.temporal.connection.workflowService.getSystemInfo({}));
      return 'answers';
    }),
    check('worker', async () => {
      const polling = await pollers(services);
      if (polling === 0) throw new Error(`nobody polls the queue ${RUN_QUEUE}`);
      return `${polling} polling`;
    }),
    check('zone_data', async () => zoneData().version),
    check('log_files', async () => {
      const { problem, detail } = await logFilesStanding(services);
      if (problem !== null) throw new Error(problem);
      return detail;
    }),
  ]);
  return [postgres, migrations, temporal, worker, zones, files];
}

/** Whether everything a run needs is there; runs need no log files. */
export const isReady = (checks: readonly Check[]): boolean => checks.every(({ name, ok }) => ok || name === 'log_files');

async function pollers({ temporal }: Services): Promise<number> {
  const { pollers: known } = await temporal.within(PATIENCE_MS, () =>
    temporal.connection.workflowService.describeTaskQueue({
      namespace: temporal.client.options.namespace,
      taskQueue: { name: RUN_QUEUE },
      taskQueueType: WORKFLOW_TASKS,
    }),
  );
  const since = Date.now() - POLLED_WITHIN_MS;
  return known?.filter((poller) => Number(poller.lastAccessTime?.seconds ?? 0) * 1000 >= since).length ?? 0;
}

async function check(name: Check['name'], ask: () => Promise<string>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return { name, ok: true, detail: await Promise.race([ask(), late]) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
