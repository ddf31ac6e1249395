import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { DURATION_WORDS, parseDuration } from '#jobs/duration.ts';
import { durationProblems } from '#jobs/duration-rules.ts';
import { LIMITS } from '#jobs/limits.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import type { TermsChange } from '#jobs/step-surgery.ts';
import { auditOf } from '../access/audit.ts';
import { can } from '../access/can.ts';
import { body, describe } from '../describe.ts';
import type { Env } from '../env.ts';
import { ONCE, once } from '../once.ts';
import { requireRun } from '../runs/run-view.ts';
import { type Operation, operateOnStep } from '../runs/step-surgery.ts';
import { SurgeryReport } from '../views/step-surgery.ts';

const reason = z.string().trim().min(1, 'expected a reason').max(1000).meta({ description: 'kept in the audit and the history' });
const duration = z.string().max(60).meta({ description: DURATION_WORDS });

const Options = z.strictObject({
  timeout: duration.optional().meta({ description: `longest execution, the one under way included; ${DURATION_WORDS}` }),
  attempts: z.number().int().min(1).max(LIMITS.attempts).optional().meta({ description: 'executions, those so far included' }),
  delay: duration.optional(),
  backoff: z.number().min(1).max(100).optional(),
  max_delay: duration.optional(),
  heartbeat: duration.optional().meta({ description: `how long the worker may be silent before the attempt counts as lost, 5s to 1h` }),
  reason,
});

const Interruption = z.strictObject({
  reason,
  force: z.boolean().default(false).meta({ description: 'also a step that must not be executed twice and then ends as lost' }),
});

const SHORTEST_HEARTBEAT_MS = 5_000;
const LONGEST_HEARTBEAT_MS = 3_600_000;

/** What is to be changed; throws all that is wrong with it, each with its place. */
function changeOf({ timeout, attempts, delay, backoff, max_delay, heartbeat }: z.output<typeof Options>): TermsChange {
  const bounded = [
    ['timeout', timeout, LIMITS.stepTimeoutMs],
    ['delay', delay, LIMITS.retryDelayMs],
    ['max_delay', max_delay, LIMITS.retryDelayMs],
    ['heartbeat', heartbeat, LONGEST_HEARTBEAT_MS],
  ] as const;
  const problems = bounded.flatMap(([name, text, most]) => (text === undefined ? [] : [...durationProblems(`/${name}`, text, most)]));
  const ms = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text));
  if (problems.length > 0) throw new InvalidInput(problems);
  const change = { timeoutMs: ms(timeout), attempts, delayMs: ms(delay), backoff, maxDelayMs: ms(max_delay), heartbeatMs: ms(heartbeat) };
  if ((change.heartbeatMs ?? SHORTEST_HEARTBEAT_MS) < SHORTEST_HEARTBEAT_MS)
    throw new InvalidInput([errorAt('/heartbeat', `${heartbeat} is shorter than 5 s, in which a busy worker may well be silent`)]);
  if (Object.values(change).every((value) => value === undefined))
    throw new InvalidInput([errorAt('', 'nothing is to be changed: give timeout, attempts, delay, backoff, max_delay or heartbeat')]);
  return change;
}

const operation = (summary: string) => describe({ tag: 'runs', summary: `${summary}; ${ONCE}`, answers: { 200: SurgeryReport } });

/** Operations on a step that runs, or on all parts of it that do. */
export const stepSurgery = new Hono<Env>()
  .patch(
    '/:id/steps/:key/options',
    can('run:steer'),
    operation('Change time and attempts of a step while it runs'),
    body(Options),
    async (c) => {
      const sent = c.req.valid('json');
      const change = changeOf(sent);
      return c.json(await operated(c, sent, { surgery: 'options', change }));
    },
  )
  .post(
    '/:id/steps/:key/pause',
    can('run:steer'),
    operation('Interrupt a step that runs and let no further attempt of it begin until it is resumed'),
    body(Interruption),
    async (c) => {
      const sent = c.req.valid('json');
      return c.json(await operated(c, sent, { surgery: 'pause', force: sent.force }));
    },
  )
  .post('/:id/steps/:key/resume', can('run:steer'), operation('Let a paused step go on'), body(z.strictObject({ reason })), async (c) =>
    c.json(await operated(c, c.req.valid('json'), { surgery: 'resume' })),
  )
  .post(
    '/:id/steps/:key/reset',
    can('run:steer'),
    operation('Interrupt a step that runs and begin it again with all its attempts; work that outlives an attempt is taken up'),
    body(Interruption),
    async (c) => {
      const sent = c.req.valid('json');
      return c.json(await operated(c, sent, { surgery: 'reset', force: sent.force }));
    },
  );

async function operated(c: Context<Env, '/:id/steps/:key'>, sent: { readonly reason: string }, operation: Operation) {
  const run = await requireRun(c.var.services, c.req.param('id'));
  const key = c.req.param('key');
  return once(c, run, sent, async () => ({
    items: [...(await operateOnStep(c.var.services, run, key, operation, auditOf(c, sent.reason)))],
  }));
}
