import { Hono } from 'hono';
import { z } from 'zod';
import { listPauses, listVersions } from '#db/queries/schedules/schedule-history.ts';
import { wordsOf } from '#jobs/recurrence/words.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { requireSchedule } from '../schedules.ts';
import { pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { SchedulePauseView, ScheduleVersionView, viewOfPause } from '../views/schedule-history.ts';

const Pauses = z.object({ items: z.array(SchedulePauseView) });

/** What a schedule was before, and when it was held. */
export const scheduleHistory = new Hono<Env>()
  .get(
    '/:name/versions',
    can('schedule:read'),
    describe({
      tag: 'schedules',
      summary: 'What a schedule meant from when on, the newest first; a change of its text alone is no version of its own',
      answers: { 200: pageOf(ScheduleVersionView) },
    }),
    query(z.strictObject(Paging)),
    async (c) => {
      const { id } = await requireSchedule(c.var.services, c.req.param('name'));
      const { items, next } = await listVersions(c.var.services.database.read, id, c.req.valid('query'));
      return c.json({ items: items.map((row) => ({ ...row, words: wordsOf(row.definition) })), next });
    },
  )
  .get(
    '/:name/pauses',
    can('schedule:read'),
    describe({
      tag: 'schedules',
      summary: 'When a schedule, or all of them, were to start nothing, by whom and why, the latest first',
      answers: { 200: Pauses },
    }),
    query(z.strictObject({ limit: Paging.limit })),
    async (c) => {
      const schedule = await requireSchedule(c.var.services, c.req.param('name'));
      const rows = await listPauses(c.var.services.database.read, schedule, c.req.valid('query').limit);
      return c.json({ items: rows.map(viewOfPause) });
    },
  );
