import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { listNotices } from '#db/queries/hold-notices.ts';
import { listApprovals } from '#db/queries/list-approvals.ts';
import { NOTICE_KINDS } from '#jobs/holds/kind.ts';
import { answeringAs } from '../access/answering.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { body, describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { ONCE, once } from '../once.ts';
import { PROJECT } from '../project.ts';
import { answerStep, type GivenAnswer } from '../runs/answer-step.ts';
import { requireRun } from '../runs/run-view.ts';
import { flag, instant, jsonObject } from '../views/json.ts';

/** So many wait at most that a person can still look at. */
const MOST = 200;

const ApprovalView = z
  .object({
    run_id: z.string(),
    run_number: z.number(),
    job: z.string(),
    title: z.string().nullable(),
    created_by: z.string().meta({ description: 'who started the run' }),
    key: z.string(),
    name: z.string(),
    hold: jsonObject.meta({
      description: 'message, form, approvers, barred, count, answers, since, until, on_timeout, reminded, escalated',
    }),
    started_at: instant.nullable(),
  })
  .meta({ id: 'Approval' });

const NoticeView = z
  .object({
    id: z.string(),
    key: z.string(),
    job: z.string(),
    kind: z.enum(NOTICE_KINDS),
    number: z.number(),
    recipients: z.array(z.string()).meta({ description: 'users, groups, and role:<role>; none: whoever may steer the run' }),
    message: z.string(),
    at: instant,
  })
  .meta({ id: 'Notice' });

const Answer = z.strictObject({
  form: jsonObject.nullable().default(null).meta({ description: 'what the step’s form asks for' }),
  comment: z.string().max(1000).nullable().default(null),
});

/** Steps that wait for people's answers. */
export const approvals = new Hono<Env>().get(
  '/',
  can('run:read'),
  describe({
    tag: 'approvals',
    summary: 'Steps that wait for approval, of the newest runs first; with `mine` only those that the caller may answer and has not',
    answers: { 200: z.object({ items: z.array(ApprovalView) }) },
  }),
  query(z.strictObject({ mine: flag.default(false) })),
  async (c) => {
    const { services } = c.var;
    const by = c.req.valid('query').mine ? await answeringAs(services.database.sql, signedIn(c)) : null;
    const items = await listApprovals(services.database.sql, { project: PROJECT, by, limit: MOST });
    return c.json({ items: [...items] });
  },
);

const answers = { 202: 'Taken; sent again it changes nothing' };

/** Answering them. */
export const runApprovals = new Hono<Env>()
  .post(
    '/:id/steps/:key/approve',
    can('run:steer'),
    describe({
      tag: 'approvals',
      summary: `Approve what a step asks; not for whoever started the run or wrote what it runs; ${ONCE}`,
      answers,
    }),
    body(Answer),
    async (c) => {
      await answered(c, { decision: 'approved', ...c.req.valid('json') });
      return c.body(null, 202);
    },
  )
  .post(
    '/:id/steps/:key/reject',
    can('run:steer'),
    describe({ tag: 'approvals', summary: `Reject what a step asks, which fails it; ${ONCE}`, answers }),
    body(Answer),
    async (c) => {
      await answered(c, { decision: 'rejected', ...c.req.valid('json') });
      return c.body(null, 202);
    },
  )
  .get(
    '/:id/notices',
    can('run:read'),
    describe({
      tag: 'approvals',
      summary: 'What people were told of the steps of a run that wait',
      answers: { 200: z.object({ items: z.array(NoticeView) }) },
    }),
    async (c) => {
      const run = await requireRun(c.var.services, c.req.param('id'));
      const items = await listNotices(c.var.services.database.sql, run.id);
      return c.json({ items: items.map(({ run_id: _, project: __, ...notice }) => notice) });
    },
  );

async function answered(c: Context<Env, '/:id/steps/:key'>, answer: GivenAnswer): Promise<void> {
  const run = await requireRun(c.var.services, c.req.param('id'));
  await once(c, run, answer, async () => {
    await answerStep(c.var.services, run, c.req.param('key'), answer, signedIn(c), auditOf(c, answer.comment));
    return {};
  });
}
