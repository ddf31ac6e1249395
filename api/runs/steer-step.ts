import { STEP_SPECS } from '#activities/catalog.ts';
import type { Audit } from '#db/audit.ts';
import type { RunWithPlan } from '#db/queries/find-run.ts';
import { findSteps } from '#db/queries/list-steps.ts';
import { boundViolations } from '#jobs/bounds.ts';
import { editViolations } from '#jobs/edited-config.ts';
import { bytesAsJson, type JsonObject } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import { wholeOf } from '#jobs/parts.ts';
import { allSteps, type PlannedStep } from '#jobs/plan.ts';
import { errorAt, InvalidInput, type Problem } from '#jobs/problem.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { take } from '#jobs/take.ts';
import { CANCEL_STEP_UPDATE, RETRY_STEP_UPDATE, SKIP_STEP_UPDATE } from '#workflows/messages.ts';
import { conflict, notFound } from '../problem.ts';
import type { Services } from '../services.ts';
import { audited } from './steer-run.ts';
import { updateRun } from './update-run.ts';

/** What a person does to one step of a run, or to one of its parts. */
export type StepMove =
  /** `config`: fields in place of those of the definition. */
  | { readonly move: 'retry'; readonly config?: JsonObject | undefined }
  /** `outputs`: what later steps see of it. */
  | { readonly move: 'skip'; readonly outputs?: JsonObject | undefined }
  | { readonly move: 'cancel' };

const UPDATES = {
  retry: { name: RETRY_STEP_UPDATE, what: 'its steps can be retried in place' },
  skip: { name: SKIP_STEP_UPDATE, what: 'its steps can be skipped' },
  cancel: { name: CANCEL_STEP_UPDATE, what: 'its steps can be cancelled' },
} as const;

/**
 * Has a run retry, skip or end one of its steps, once for each id however often it is asked; throws 404 for a step it does not have, 422 with
 * the places for what does not fit the step, 409 naming the state that forbids it, 503 when no worker answers.
 */
export async function steerStep(
  services: Services,
  run: RunWithPlan,
  key: string,
  asked: StepMove,
  audit: Audit,
  id: string,
): Promise<void> {
  const { move, ...given } = asked;
  if (hasEnded(run.status)) {
    throw conflict(`run ${run.id} is ${run.status}${move === 'retry' ? `; start it anew with POST /runs/${run.id}/retry` : ''}`);
  }
  const problems = violationsOf(requireStep(run, key), asked);
  if (problems.length > 0) throw new InvalidInput(problems);
  const change = { project: run.project, action: `step.${move}`, subject_kind: 'run', subject: run.id, after: { key, ...given } };
  const ask = { key, ...given, actor: audit.actor, reason: audit.reason ?? null };
  const before = move === 'cancel' ? null : await interveningAt(services, run.id, key);
  const isShown = async () => before !== null && (await interveningAt(services, run.id, key)) === before;
  await audited(services, audit, change, () => updateRun(services, run, { ...UPDATES[move], ask, id: `${move} ${key} ${id}`, isShown }));
}

/** The attempt after which a step's row asks a person to retry or skip it; null where it asks nobody. */
async function interveningAt({ database }: Services, run: string, key: string): Promise<number | null> {
  const [step] = await findSteps(database.sql, [[run, key]]);
  return step?.status === 'waiting' && step.waiting_for === 'intervention' ? step.attempt : null;
}

function requireStep({ id, plan }: RunWithPlan, key: string): PlannedStep {
  const own = wholeOf(key) ?? key;
  const step = plan === null ? undefined : allSteps(plan).find((one) => one.id === own);
  if (step === undefined) throw notFound(`run ${id} has no step ${own}`);
  return step;
}

function violationsOf(step: PlannedStep, asked: StepMove): readonly Problem[] {
  const given = asked.move === 'cancel' ? {} : asked.move === 'retry' ? { config: asked.config } : { outputs: asked.outputs };
  const bounds = Object.entries(given).flatMap(([field, value]) =>
    value === undefined ? [] : [...take(boundViolations(value, `/${field}`), LIMITS.problems)],
  );
  if (bounds.length > 0) return bounds;
  if (asked.move === 'retry' && asked.config !== undefined) return editViolations(step, asked.config, STEP_SPECS);
  return asked.move === 'skip' && asked.outputs !== undefined ? outputViolations(step, asked.outputs) : [];
}

function outputViolations({ outputs: declared }: PlannedStep, given: JsonObject): readonly Problem[] {
  const names = Object.keys(declared);
  const unknown = names.length === 0 ? [] : Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    return unknown.map((name) => errorAt(`/outputs/${name}`, `the step has no such output; it has ${names.join(', ')}`));
  const bytes = bytesAsJson(given);
  return bytes > LIMITS.outputBytes
    ? [errorAt('/outputs', `${bytes} bytes as JSON; a step may hand on at most ${LIMITS.outputBytes}`)]
    : [];
}
