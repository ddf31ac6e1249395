import type { StepDefinition } from './definition.ts';
import { parseDuration } from './duration.ts';
import { durationProblems } from './duration-rules.ts';
import { effectOf } from './effect.ts';
import { hasExpression, templateKind } from './expression/scan.ts';
import { holdViolations } from './holds/hold-rules.ts';
import { itemViolations } from './items/item-rules.ts';
import type { Json } from './json.ts';
import { violations } from './json-schema.ts';
import { LIMITS } from './limits.ts';
import { errorAt, type Problem, pointerTo, shown } from './problem.ts';
import type { SpecsByType, StepSpec } from './step.ts';
import { didYouMean } from './suggest.ts';
import { targetViolations } from './target-rules.ts';

type SoundField = (field: keyof StepDefinition) => boolean;

/** What is wrong with one step against its step type, whatever it is in the job: a step, a handler or a compensation. */
export function* stepViolations(step: StepDefinition, pointer: string, specs: SpecsByType, isSound: SoundField): Generator<Problem> {
  if (isSound('timeout') && step.timeout !== undefined) yield* durationProblems(`${pointer}/timeout`, step.timeout, LIMITS.stepTimeoutMs);
  if (isSound('retry')) yield* retryViolations(step, `${pointer}/retry`);
  if (!isSound('type')) return;
  const spec = Object.hasOwn(specs, step.type) ? specs[step.type] : undefined;
  if (!spec) {
    const known = Object.keys(specs);
    const near = didYouMean(step.type, known);
    yield errorAt(`${pointer}/type`, `${shown(step.type)} is not a step type${near || `; known are ${known.join(', ')}`}`, {
      value: step.type,
    });
    return;
  }
  if (isSound('target') && step.target !== undefined && spec.target === undefined) {
    yield errorAt(`${pointer}/target`, `steps of type ${spec.type} take no target`, {
      value: step.target as Json,
    });
  }
  if (isSound('target') && step.target !== undefined) yield* targetViolations(step.target, `${pointer}/target`);
  if (isSound('foreach') && isSound('target')) yield* itemViolations(step, pointer, spec, isSound);
  if (isSound('config')) yield* configViolations(step, spec, pointer);
  if (spec.kind === 'workflow') yield* holdViolations(step, pointer, isSound('config') && isFit(step, spec));
  if (isSound('secrets')) yield* secretViolations(step, spec, pointer, isSound('config'));
  if (isSound('inline') && isSound('timeout') && step.inline && spec.kind !== 'workflow') yield* inlineViolations(step, spec, pointer);
}

/** Whether the config has the shape that its type wants. */
const isFit = (step: StepDefinition, spec: StepSpec): boolean => configViolations(step, spec, '').next().done === true;

function* configViolations(step: StepDefinition, spec: StepSpec, pointer: string): Generator<Problem> {
  const needsConfig = (spec.config.required ?? []).length > 0;
  if (step.config === undefined && needsConfig) {
    yield errorAt(`${pointer}/config`, `is missing; steps of type ${spec.type} need ${(spec.config.required ?? []).join(', ')}`);
  } else yield* violations(spec.config, step.config ?? {}, `${pointer}/config`, { deferred: templateKind });
}

/** A secret that the step would not hand on, or a header whose secret is not bound, is a mistake that would only show when a login fails. */
function* secretViolations(
  { secrets = {}, config }: StepDefinition,
  spec: StepSpec,
  pointer: string,
  isConfigSound: boolean,
): Generator<Problem> {
  if (spec.secrets === undefined && Object.keys(secrets).length > 0) {
    yield errorAt(`${pointer}/secrets`, `steps of type ${spec.type} take no secrets`, { value: secrets });
  }
  if (spec.secrets === 'fields' && isConfigSound) yield* unboundSecrets(config ?? {}, secrets, `${pointer}/config`);
  const given = config?.secret_headers ?? {};
  if (spec.secrets !== 'headers' || !isConfigSound || typeof given !== 'object') return;
  const headers = Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  for (const [header, name] of headers) {
    if (hasExpression(name) || Object.hasOwn(secrets, name)) continue;
    const binding = `is a secret that the step does not bind; write secrets: { ${name}: credential.field }`;
    yield errorAt(pointerTo(`${pointer}/config/secret_headers`, header), `${shown(name)} ${binding}`, { value: name });
  }
  for (const name of Object.keys(secrets)) {
    if (headers.some(([, bound]) => bound === name || hasExpression(bound))) continue;
    yield errorAt(`${pointer}/secrets/${name}`, `no header takes this secret; write config.secret_headers: { Authorization: ${name} }`);
  }
}

/** Fields named `secret`, however deep, whose secret the step does not bind. */
function* unboundSecrets(value: Json, secrets: StepDefinition['secrets'], pointer: string): Generator<Problem> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const place = pointerTo(pointer, key);
    if (key !== 'secret' || typeof inner !== 'string') yield* unboundSecrets(inner, secrets, place);
    else if (!hasExpression(inner) && !Object.hasOwn(secrets ?? {}, inner)) {
      const binding = `is a secret that the step does not bind; write secrets: { ${inner}: credential.field }`;
      yield errorAt(place, `${shown(inner)} ${binding}`, { value: inner });
    }
  }
}

function* inlineViolations(step: StepDefinition, spec: StepSpec, pointer: string): Generator<Problem> {
  if (effectOf(spec, step.config ?? {}) === 'at-most-once') {
    yield errorAt(`${pointer}/inline`, `only steps that may be repeated run inline; ${spec.type} is at-most-once`, {
      value: true,
    });
  } else if (spec.reattaches) {
    yield errorAt(`${pointer}/inline`, `what ${spec.type} starts outlives its worker, so it cannot run inline`, { value: true });
  }
  const timeout = step.timeout ?? spec.defaults.timeout;
  if (millisecondsOf(timeout, 0) > LIMITS.inlineTimeoutMs) {
    const from = step.timeout === undefined ? ` by default` : '';
    yield errorAt(
      `${pointer}/inline`,
      `inline steps last at most 10s and this one may last ${timeout}${from}; write timeout: 10s or less`,
      { value: true },
    );
  }
}

const millisecondsOf = (text: string | undefined, otherwise: number): number => {
  try {
    return text === undefined ? otherwise : parseDuration(text);
  } catch {
    return otherwise;
  }
};

function* retryViolations({ retry }: StepDefinition, pointer: string): Generator<Problem> {
  if (retry === undefined) return;
  if (retry.delay !== undefined) yield* durationProblems(`${pointer}/delay`, retry.delay, LIMITS.retryDelayMs);
  if (retry.max_delay === undefined) return;
  yield* durationProblems(`${pointer}/max_delay`, retry.max_delay, LIMITS.retryDelayMs);
  if (retry.delay !== undefined && millisecondsOf(retry.max_delay, Number.POSITIVE_INFINITY) < millisecondsOf(retry.delay, 0)) {
    yield errorAt(`${pointer}/max_delay`, `${shown(retry.max_delay)} is shorter than the delay of ${retry.delay}`, {
      value: retry.max_delay,
    });
  }
}
