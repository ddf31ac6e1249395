import { WorkflowNotFoundError } from '@temporalio/client';
import { writeAudit } from '#db/audit.ts';
import { findRun, type RunWithPlan } from '#db/queries/find-run.ts';
import { findSteps } from '#db/queries/list-steps.ts';
import { findArrival, insertArrival, settleArrival } from '#db/queries/webhook-arrivals.ts';
import { boundViolations } from '#jobs/bounds.ts';
import { bytesAsJson, type Json, type JsonSchema } from '#jobs/json.ts';
import { violations } from '#jobs/json-schema.ts';
import { LIMITS } from '#jobs/limits.ts';
import { wholeOf } from '#jobs/parts.ts';
import { allSteps, type PlannedStep } from '#jobs/plan.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { take } from '#jobs/take.ts';
import { ARRIVAL_SIGNAL, type Arrival, type ArrivalCall } from '#workflows/messages.ts';
import { conflict, HttpProblem, notFound } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';
import { stepOfToken } from './webhook-token.ts';

const DEADLINE_MS = 2_000;

/** The step of a run that waits for a call from outside, or will; null for a step of another type and for none. */
export const webhookStepOf = ({ plan }: Pick<RunWithPlan, 'plan'>, key: string): PlannedStep | null => {
  const id = wholeOf(key) ?? key;
  const step = plan && allSteps(plan).find((one) => one.id === id);
  return step?.type === 'wait.webhook' ? step : null;
};

/**
 * Takes what was posted to a step's address, for now or for when the step begins. It is kept before the run is told, so that it is not lost
 * while Temporal is away. Throws 404 for an address that was never made, 409 for one that was used, 410 for one whose step has ended, 422 for a
 * body that does not fit.
 */
export async function takeWebhook(services: Services, token: string, body: Json, requestId: string): Promise<void> {
  const { sql } = services.database;
  const call = stepOfToken(services.keyRing, token);
  const run = call && (await findRun(sql, PROJECT, call.run));
  const step = run && webhookStepOf(run, call.key);
  if (!call || !run || !step) throw notFound('nothing at this address');
  await refuseLate(services, run, call);
  refuseBody(step, body);
  const arrival = await insertArrival(sql, call, run.project, body);
  if (!arrival) throw used();
  const change = { project: run.project, action: 'step.webhook', subject_kind: 'run', subject: run.id, after: { key: call.key } };
  await writeAudit(sql, { actor: 'webhook', request_id: requestId, reason: null }, change);
  await deliver(services, run, { ...call, ...arrival });
}

const used = () => conflict('this address was used before; it takes one body');

async function refuseLate({ database }: Services, run: RunWithPlan, call: ArrivalCall): Promise<void> {
  if (await findArrival(database.sql, call)) throw used();
  const [row] = await findSteps(database.sql, [[call.run, call.key]]);
  if (hasEnded(run.status)) throw new HttpProblem(410, `the run is ${run.status}; nothing is waited for any more`);
  if (row && hasEnded(row.status)) throw new HttpProblem(410, `the step is ${row.status}; nothing is waited for any more`);
}

/** A schema stands in the plan as it was written, since nothing is filled in there. */
function refuseBody({ config }: PlannedStep, body: Json): void {
  const bytes = bytesAsJson(body);
  if (bytes > LIMITS.messageBytes) {
    throw new InvalidInput([errorAt('', `takes ${bytes} bytes as JSON; at most ${LIMITS.messageBytes} allowed`)]);
  }
  const bounds = [...take(boundViolations(body, ''), LIMITS.problems)];
  if (bounds.length > 0) throw new InvalidInput(bounds);
  const problems = [...take(violations((config.schema ?? {}) as JsonSchema, body), LIMITS.problems)];
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** Tells the run at once; the worker's relay tells one that cannot be told now. */
async function deliver({ temporal, database, log }: Services, run: RunWithPlan, arrival: Arrival & ArrivalCall): Promise<void> {
  try {
    await temporal.within(DEADLINE_MS, () => temporal.client.workflow.getHandle(run.workflow_id).signal(ARRIVAL_SIGNAL, arrival));
  } catch (error) {
    // A run that has not started yet reads it when the step begins.
    if (!(error instanceof WorkflowNotFoundError)) {
      log.warn({ err: error, run: run.id, key: arrival.key }, 'what was posted waits for the relay');
      return;
    }
  }
  await settleArrival(database.sql, arrival);
}
