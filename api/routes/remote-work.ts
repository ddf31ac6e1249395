import { Hono } from 'hono';
import { z } from 'zod';
import { listCommands, listSessions, listTransfers } from '#db/queries/list-remote-work.ts';
import { TRANSFER_STATUSES } from '#db/schema/words.ts';
import { can } from '../access/can.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { requireRun } from '../runs/run-view.ts';
import { pageOf } from '../views/json.ts';
import { Paging } from '../views/paging.ts';
import { CommandView, SessionView, TransferView } from '../views/remote-work.ts';

const Page = z.strictObject(Paging);
const Files = z.strictObject({ ...Paging, status: z.enum(TRANSFER_STATUSES).optional().meta({ description: 'only files that stand so' }) });

/** What steps did on hosts: their commands, files and connections. */
export const remoteWork = new Hono<Env>()
  .get(
    '/:id/steps/:key/commands',
    can('run:read'),
    describe({ tag: 'runs', summary: 'The commands of a step with their output, in order', answers: { 200: pageOf(CommandView) } }),
    query(Page),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      return c.json(await listCommands(c.var.services.database.sql, { run: run.id, key: c.req.param('key'), ...c.req.valid('query') }));
    },
  )
  .get(
    '/:id/steps/:key/transfers',
    can('run:read'),
    describe({ tag: 'runs', summary: 'The files of a step, in order', answers: { 200: pageOf(TransferView) } }),
    query(Files),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      return c.json(await listTransfers(c.var.services.database.sql, { run: run.id, key: c.req.param('key'), ...c.req.valid('query') }));
    },
  )
  .get(
    '/:id/steps/:key/sessions',
    can('run:read'),
    describe({ tag: 'runs', summary: 'The connections a step has used', answers: { 200: z.object({ items: z.array(SessionView) }) } }),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      return c.json({ items: [...(await listSessions(c.var.services.database.sql, run.id, c.req.param('key')))] });
    },
  );
