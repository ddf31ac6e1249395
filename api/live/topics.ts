import { isPlace, PLACES } from '#jobs/places.ts';
import type { Permission } from '../permissions.ts';

const OF_RUNS = /^(runs|notices|(run|log):[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** The most topics that one stream may have. */
export const MAX_TOPICS = 100;

/** Every topic of live news, as messages name them. */
export const TOPICS = `runs, notices, run:<id>, log:<id>, jobs, queues, ${Object.keys(PLACES).join(', ')}`;

/** What it takes to follow a topic of live news; null: there is no such topic. */
export const permissionOf = (topic: string): Permission | null => {
  if (OF_RUNS.test(topic)) return 'run:read';
  if (topic === 'jobs') return 'job:read';
  if (topic === 'queues') return 'worker:read';
  return isPlace(topic) ? PLACES[topic] : null;
};

/** Whether there is such a topic. */
export const isTopic = (text: string): boolean => permissionOf(text) !== null;
