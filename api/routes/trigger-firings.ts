import { Hono } from 'hono';
import { z } from 'zod';
import { pageOf, readCursor, writeCursor } from '#db/cursor.ts';
import { findJob } from '#db/queries/find-job.ts';
import { listFirings } from '#db/queries/trigger-firings.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import { isUuid } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { TriggerFiringPage } from '../views/trigger-firing.ts';

/** What became of the ends of runs that a job listens to. */
export const triggerFirings = new Hono<Env>().get(
  '/:name/trigger-firings',
  can('job:read'),
  describe({
    tag: 'jobs',
    summary: 'The ends of runs that the job’s triggers listen to, newest first: what each started, or why it started nothing',
    answers: { 200: TriggerFiringPage },
  }),
  query(z.strictObject(Paging)),
  async (c) => {
    const { sql, read } = c.var.services.database;
    const { after, limit } = c.req.valid('query');
    const job = await findJob(sql, PROJECT, c.req.param('name'));
    if (!job) throw notFound(`no job ${c.req.param('name')}`);
    const [place] = after === undefined ? [null] : readCursor(after, 'id', ([id]) => typeof id === 'string' && isUuid(id));
    const rows = await listFirings(read, job.id, place === null ? null : String(place), limit + 1);
    return c.json(pageOf(rows, limit, ({ id }) => writeCursor('id', [id])));
  },
);
