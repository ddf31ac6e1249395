import { Hono } from 'hono';
import { z } from 'zod';
import { listWorkers } from '#db/queries/workers.ts';
import { can } from '../access/can.ts';
import { describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { instant } from '../views/json.ts';

/** A worker process as the API shows it. */
export const WorkerView = z
  .object({
    id: z.string(),
    host: z.string(),
    pid: z.number(),
    build: z.string().nullable(),
    queues: z.array(z.string()),
    slots: z.record(z.string(), z.object({ used: z.number(), total: z.number(), waiting: z.number().optional() })),
    started_at: instant,
    last_seen_at: instant,
  })
  .meta({ id: 'Worker' });

/** The processes that carry out steps. */
export const workers = new Hono<Env>().get(
  '/',
  can('worker:read'),
  describe({ tag: 'workers', summary: 'Workers, the last seen first', answers: { 200: z.object({ items: z.array(WorkerView) }) } }),
  async (c) => c.json({ items: [...(await listWorkers(c.var.services.database.read))] }),
);
