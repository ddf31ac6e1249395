import { Hono } from 'hono';
import { z } from 'zod';
import { findArrival } from '#db/queries/webhook-arrivals.ts';
import { boundViolations } from '#jobs/bounds.ts';
import { hasExpression } from '#jobs/expression/scan.ts';
import { bytesAsJson } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import { allSteps } from '#jobs/plan.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { take } from '#jobs/take.ts';
import { SEND_UPDATE, type SendSignal } from '#workflows/messages.ts';
import { auditOf } from '../access/audit.ts';
import { can, open } from '../access/can.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { conflict, notFound } from '../problem.ts';
import { requireRun } from '../runs/run-view.ts';
import { idempotencyOf } from '../runs/start-run.ts';
import { audited } from '../runs/steer-run.ts';
import { takeWebhook, webhookStepOf } from '../runs/take-webhook.ts';
import { updateRun } from '../runs/update-run.ts';
import { webhookUrl } from '../runs/webhook-token.ts';
import { json } from '../views/json.ts';

/** The addresses of steps that wait for a call from outside; whoever has one needs no login. */
export const webhooks = new Hono<Env>().post(
  '/:token',
  open(),
  describe({
    tag: 'webhooks',
    summary: 'Give a step what it waits for, or will: one body, once',
    answers: { 202: 'Taken', 404: 'No such address', 409: 'It was used before', 410: 'The step has ended' },
  }),
  body(json),
  async (c) => {
    await takeWebhook(c.var.services, c.req.param('token'), c.req.valid('json'), c.var.requestId);
    return c.body(null, 202);
  },
);

/** What a run is sent from outside. */
export const runMessages = new Hono<Env>()
  .get(
    '/:id/steps/:key/webhook',
    can('run:steer'),
    describe({
      tag: 'webhooks',
      summary: 'The address of a step that waits for a call from outside, also before it begins; whoever has it may call it',
      answers: { 200: z.object({ url: z.url(), used: z.boolean() }) },
    }),
    async (c) => {
      const { services } = c.var;
      const run = await requireRun(services, c.req.param('id'));
      const key = c.req.param('key');
      if (!webhookStepOf(run, key)) throw notFound(`no step ${key} of run ${run.id} that waits for a call from outside`);
      const arrival = await findArrival(services.database.sql, { run: run.id, key });
      return c.json({ url: webhookUrl(services, { run: run.id, key }), used: arrival !== null });
    },
  )
  .post(
    '/:id/signals/:name',
    can('run:steer'),
    describe({
      tag: 'runs',
      summary:
        'Send the step a signal that waits for one of this name, or the first that will; with the same `Idempotency-Key` and body it is sent once',
      answers: { 202: 'Sent' },
    }),
    body(z.strictObject({ data: json.default(null) })),
    async (c) => {
      const { services } = c.var;
      const { data } = c.req.valid('json');
      const name = c.req.param('name');
      const idempotency = idempotencyOf(c, { data });
      const run = await requireRun(services, c.req.param('id'));
      const audit = auditOf(c);
      const awaits = run.plan && allSteps(run.plan).some((step) => step.type === 'wait.signal' && isNamed(step.config.name, name));
      if (!awaits) throw notFound(`no step of run ${run.id} waits for a signal ${name}`);
      const bounds = [...take(boundViolations(data, '/data'), LIMITS.problems)];
      if (bounds.length > 0) throw new InvalidInput(bounds);
      const bytes = bytesAsJson(data);
      if (bytes > LIMITS.messageBytes) {
        throw new InvalidInput([errorAt('/data', `takes ${bytes} bytes as JSON; at most ${LIMITS.messageBytes} allowed`)]);
      }
      const change = { project: run.project, action: 'run.signal', subject_kind: 'run', subject: run.id, after: { name } };
      await audited(services, audit, change, async () => {
        if (hasEnded(run.status)) throw conflict(`run ${run.id} is ${run.status}; only a run under way takes signals`);
        const ask: SendSignal = { name, data, actor: audit.actor };
        const id = idempotency && ['signal', audit.actor, idempotency.key, idempotency.body_hash].join(' ');
        await updateRun(services, run, { name: SEND_UPDATE, ask, ...(id !== null && { id }), what: 'it takes signals' });
      });
      return c.body(null, 202);
    },
  );

const isNamed = (written: unknown, name: string): boolean => typeof written === 'string' && (written === name || hasExpression(written));
