import { Hono } from 'hono';
import { z } from 'zod';
import { readJobGrid } from '#db/queries/job-grid.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { PROJECT } from '../project.ts';
import { JobGrid } from '../views/job-grid.ts';
import { Paging } from '../views/paging.ts';

const GridQuery = z.strictObject({ ...Paging, limit: z.coerce.number().int().min(1).max(100).default(30) });

/** How the steps of a job went, run by run. */
export const jobGrid = new Hono<Env>().get(
  '/:name/grid',
  can('run:read'),
  describe({
    tag: 'jobs',
    summary: 'Runs of a job, newest first, each with the status and duration of its steps; those of a deleted job too',
    answers: { 200: JobGrid },
  }),
  query(GridQuery),
  async (c) => {
    const { limit, after } = c.req.valid('query');
    const { items, next } = await readJobGrid(c.var.services.database.read, { project: PROJECT, job: c.req.param('name'), limit, after });
    return c.json({ items: items.map((run) => ({ ...run, steps: [...run.steps] })), next });
  },
);
