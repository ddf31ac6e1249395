import type { Client } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { notify } from '#db/notices.ts';
import { pauseTold, tellPausesAgain, untoldPauses } from '#db/queries/queues/pause-queue.ts';
import { closeIdleQueue, noteFailure, noteWell } from '#db/queries/queues/queue-life.ts';
import { hearOfQueues, useQueues } from '#db/queries/queues/use-queue.ts';
import { liveWorkers, wantedQueues } from '#db/queries/queues/wanted-queues.ts';
import { placeOfQueue } from '#jobs/queues/name.ts';
import type { Logger } from '#platform/logging.ts';
import { holdQueue, queueStats } from '#platform/temporal/queue-stats.ts';
import { type QueueOptions, type ServedQueue, zoneWorker } from '../queues.ts';
import { type Repeated, repeat } from '../repeat.ts';
import { sampleQueues } from './sampling.ts';
import { SlotPool } from './slot-pool.ts';
import { type QueueWorker, type ZoneDeps, ZoneQueues } from './zone-queues.ts';

interface ZoneParts {
  readonly options: QueueOptions;
  /** The queues without a zone that this process serves. */
  readonly queues: readonly ServedQueue[];
  readonly database: Database;
  readonly client: Client;
  readonly log: Logger;
  /** Tells that this process is alive and what it serves. */
  report(zones: ZoneQueues): Promise<void>;
}

/** The queues of zones at work in one process. */
export interface RunningZones {
  readonly zones: ZoneQueues;
  stop(): Promise<void>;
}

const SECOND = 1_000;

/** Serves this process's part of the queues of zones from now on, and looks after all queues with the other workers. */
export function startZones(parts: ZoneParts): RunningZones {
  const { options, queues, database, client, log } = parts;
  const { sql } = database;
  const zones: ZoneQueues = new ZoneQueues(
    depsOf(parts, async (changed) => {
      await parts.report(zones);
      await notify(sql, { queues: changed });
    }),
  );
  let hearing: Awaited<ReturnType<typeof hearOfQueues>> | undefined;
  // What goes before the first round waits for Postgres as every round does.
  const begin = async () => {
    const names = queues.map(({ name }) => name);
    await useQueues(sql, names);
    await tellPausesAgain(sql);
    await parts.report(zones);
    return hearOfQueues(sql, () => keeper.hurry());
  };
  const keep = async () => {
    hearing ??= await begin();
    await zones.keep();
  };
  const keeper: Repeated = repeat('queues of zones', SECOND, keep, log);
  const chores: readonly Repeated[] = [
    keeper,
    repeat('pauses of queues', 5 * SECOND, () => tellPauses(parts), log),
    repeat('samples of queues', 60 * SECOND, () => sampleQueues({ id: options.workerId, sql, client, zones }), log),
  ];
  return {
    zones,
    stop: async () => {
      await Promise.all(chores.map((chore) => chore.stop()));
      await hearing?.stop().catch(() => undefined);
      await zones.stop();
    },
  };
}

function depsOf({ options, queues, database: { sql }, client, log }: ZoneParts, report: ZoneDeps['report']): ZoneDeps {
  const pool = new SlotPool(options.config.worker.zone_slots);
  return {
    me: { id: options.workerId, queues: queues.map(({ name }) => name) },
    pool,
    log,
    wanted: () => wantedQueues(sql),
    alive: () => liveWorkers(sql),
    open: (queue) => opened(options, pool, queue),
    look: (queue) => queueStats(client, queue),
    closeIdle: (queue) => closeIdleQueue(sql, queue),
    noteFailure: (queue, problem) => noteFailure(sql, queue, problem),
    noteWell: (queue) => noteWell(sql, queue),
    report,
  };
}

async function opened(options: QueueOptions, pool: SlotPool, queue: string): Promise<QueueWorker> {
  const place = placeOfQueue(queue);
  if (!place) throw new Error(`queue ${queue}: expected <capability>@<zone>`);
  const supplier = pool.supplierOf(queue);
  const forget = () => pool.forget(queue, supplier);
  const worker = await zoneWorker(options, { line: pool.line, supplier }, queue, place.capability).catch((error: unknown) => {
    forget();
    throw error;
  });
  return {
    ended: worker.run().finally(forget),
    stop: () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

async function tellPauses({ database: { sql }, client }: ZoneParts): Promise<void> {
  for (const { name, paused } of await untoldPauses(sql)) {
    await holdQueue(client, name, paused, paused ? 'paused' : 'resumed');
    await pauseTold(sql, name, paused);
  }
}
