import { hostname } from 'node:os';
import type { Database } from '#db/client.ts';
import { recordWorker } from '#db/queries/workers.ts';
import type { ServedQueue } from './queues.ts';
import type { ZoneQueues } from './zones/zone-queues.ts';

/** How this process tells that it is alive: what it serves, and how many slots of it are taken. */
export const presenceOf = ({ sql }: Pick<Database, 'sql'>, id: string, queues: readonly ServedQueue[]) => {
  const started_at = new Date().toISOString();
  return (zones: ZoneQueues): Promise<void> => {
    const ofZones = zones.slots;
    const slots = [
      ...queues.map(({ name, slots: total, worker }) => ({ name, total, used: worker.getStatus().numInFlightActivities, waiting: 0 })),
      ...ofZones,
    ];
    return recordWorker(sql, {
      id,
      host: hostname(),
      pid: process.pid,
      queues: [...queues.map(({ name }) => name), ...ofZones.flatMap(({ name, isLeaving }) => (isLeaving ? [] : [name]))],
      slots: Object.fromEntries(slots.map(({ name, used, total, waiting }) => [name, { used, total, waiting }])),
      started_at,
    });
  };
};
