import { Hono } from 'hono';
import { z } from 'zod';
import { type LockRow, listLocks } from '#db/queries/locks/list-locks.ts';
import { releaseLock } from '#db/queries/locks/release-lock.ts';
import { LIMITS } from '#jobs/limits.ts';
import { LOCK_SIGNAL, type LockGranted } from '#workflows/messages.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { orChangedBefore } from '../or-changed-before.ts';
import { PROJECT } from '../project.ts';
import { requireRun } from '../runs/run-view.ts';
import type { Services } from '../services.ts';
import { LockPage } from '../views/lock.ts';
import { searchedIn } from '../views/paging.ts';

const LocksQuery = z.strictObject({
  ...searchedIn('the key'),
  key: z.string().max(LIMITS.lockKey).optional().meta({ description: 'how keys begin' }),
  run: z.uuid().optional().meta({ description: 'only what this run or a step of it holds or waits for' }),
});

const Release = z.strictObject({
  key: z.string().min(1).max(LIMITS.lockKey),
  run: z.string().max(100).meta({ description: 'the id of the run that holds it' }),
  step: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'the step or part that holds it; all of the run’s claims on the key when absent' }),
  reason: z.string().max(1000).optional(),
});

/** Who holds what, and who waits for it. */
export const locks = new Hono<Env>()
  .get(
    '/',
    can('run:read'),
    describe({ tag: 'locks', summary: 'Keys that are held, with holders and those in line', answers: { 200: LockPage } }),
    query(LocksQuery),
    async (c) => {
      const { key, q: text, ...rest } = c.req.valid('query');
      const page = await listLocks(c.var.services.database.read, { project: PROJECT, prefix: key, text, ...rest });
      return c.json({ ...page, items: page.items.map(viewOf) });
    },
  )
  .post(
    '/release',
    can('run:steer'),
    describe({
      tag: 'locks',
      summary:
        'Take a key from the run that holds it, which goes on without, and give it to the next; with the same `Idempotency-Key` and body it is done once',
      answers: { 204: 'Released' },
    }),
    body(Release),
    async (c) => {
      const { services } = c.var;
      const { key, step, reason, ...which } = c.req.valid('json');
      const run = await requireRun(services, which.run);
      const held = { project: PROJECT, key, run: run.id, number: run.number, step };
      const { granted } = await orChangedBefore(c, c.req.valid('json'), (once) =>
        releaseLock(services.database.sql, held, auditOf(c, reason), once),
      );
      await Promise.all(granted.map(({ workflowId, step: owner }) => tell(services, workflowId, { owner })));
      return c.body(null, 204);
    },
  );

const viewOf = ({ holders, waiters, ...lock }: LockRow) => ({
  ...lock,
  holders: [...holders],
  waiters: waiters.map((waiter, at) => ({
    ...waiter,
    position: at + 1,
    blocked_by: [...new Set(holders.flatMap(({ number }) => number ?? []))],
  })),
});

const DEADLINE_MS = 2_000;

/** Whoever is not reached finds out by itself before long. */
async function tell({ temporal, log }: Services, workflowId: string, granted: LockGranted): Promise<void> {
  try {
    await temporal.within(DEADLINE_MS, () => temporal.client.workflow.getHandle(workflowId).signal(LOCK_SIGNAL, granted));
  } catch (error) {
    log.warn({ err: error, workflowId }, 'a run was granted a lock and could not be told');
  }
}
