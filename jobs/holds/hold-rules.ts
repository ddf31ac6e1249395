import type { StepDefinition } from '../definition.ts';
import { DEFINITION_SCHEMA } from '../definition-schema.ts';
import { durationProblems } from '../duration-rules.ts';
import { hasExpression } from '../expression/scan.ts';
import type { Json, JsonObject, JsonSchema } from '../json.ts';
import { violations } from '../json-schema.ts';
import { parameterViolations } from '../parameter-schema.ts';
import { errorAt, type Problem, pointerTo } from '../problem.ts';
import { timezoneProblem } from '../timezone.ts';
import { LONGEST_WAIT_MS } from './timer.ts';

/** Fields of a config that are durations, by type. */
const DURATIONS: { readonly [type: string]: readonly string[] } = {
  approval: ['timeout', 'reminder'],
  'wait.duration': ['duration'],
  'wait.until': [],
  'wait.signal': ['timeout'],
  'wait.webhook': ['timeout'],
  'job.run': ['timeout'],
};

/** Fields that say what is answered must fit, by type. */
const SCHEMAS: { readonly [type: string]: 'form' | 'schema' } = { approval: 'form', 'wait.webhook': 'schema' };

/** What the shape of a step that waits cannot say: limits in the wrong place, durations, schemas, moments and zones. Its config is looked at only where its shape is right. */
export function* holdViolations(step: StepDefinition, pointer: string, isConfigSound: boolean): Generator<Problem> {
  const durations = DURATIONS[step.type];
  if (durations === undefined) return;
  const limit = durations.includes('timeout') ? '; write config.timeout' : '';
  if (step.timeout !== undefined) {
    yield errorAt(`${pointer}/timeout`, `limits an execution, and ${step.type} only waits${limit}`, { value: step.timeout });
  }
  if (isConfigSound) yield* configViolations(step.type, step.config ?? {}, `${pointer}/config`);
}

function* configViolations(type: string, config: JsonObject, pointer: string): Generator<Problem> {
  for (const field of DURATIONS[type] ?? []) yield* durationAt(config[field], pointerTo(pointer, field));
  const schema = SCHEMAS[type];
  if (schema !== undefined && config[schema] !== undefined) yield* schemaProblems(config[schema], pointerTo(pointer, schema));
  if (type === 'approval') yield* approvalViolations(config, pointer);
  if (type === 'wait.until') yield* momentViolations(config, pointer);
}

function* durationAt(value: Json | undefined, pointer: string): Generator<Problem> {
  if (typeof value === 'string' && !hasExpression(value)) yield* durationProblems(pointer, value, LONGEST_WAIT_MS);
}

/** A schema is read before the step begins, by whoever shows the form or takes the call. */
function* schemaProblems(schema: Json, pointer: string): Generator<Problem> {
  if (hasExpression(JSON.stringify(schema))) {
    yield errorAt(pointer, 'nothing is filled in here; what is answered is checked as this stands', { value: schema });
    return;
  }
  const shape = [...violations({ $ref: '#/$defs/parameter' }, schema, pointer, { root: DEFINITION_SCHEMA })];
  yield* shape;
  if (shape.length > 0) return;
  yield* parameterViolations(schema as JsonSchema as Parameters<typeof parameterViolations>[0], pointer);
}

function* approvalViolations({ form, escalation, on_timeout, timeout, approvers }: JsonObject, pointer: string): Generator<Problem> {
  if (typeof form === 'object' && (form as JsonObject).type !== 'object') {
    yield errorAt(`${pointer}/form/type`, 'a form is an object, with a property for each field', {
      value: (form as JsonObject).type ?? null,
    });
  }
  for (const [at, { after }] of ((escalation ?? []) as readonly JsonObject[]).entries()) {
    yield* durationAt(after, `${pointer}/escalation/${at}/after`);
  }
  if (on_timeout !== undefined && timeout === undefined) {
    yield errorAt(`${pointer}/on_timeout`, 'says what running out of time means, and there is no limit; write timeout', {
      value: on_timeout,
    });
  }
  if (escalation !== undefined && ((approvers ?? []) as readonly Json[]).length === 0) {
    yield errorAt(`${pointer}/escalation`, 'whoever may steer runs is asked from the beginning; name approvers');
  }
  for (const [at, name] of ((approvers ?? []) as readonly string[]).entries()) yield* roleProblem(name, `${pointer}/approvers/${at}`);
}

/** The roles that `role:` may name. */
const ROLE = /^role:(operator|admin)$/;

function* roleProblem(name: string, pointer: string): Generator<Problem> {
  if (!name.startsWith('role:') || hasExpression(name) || ROLE.test(name)) return;
  yield errorAt(pointer, `${JSON.stringify(name)} is no role that may answer; write role:operator or role:admin`, { value: name });
}

function* momentViolations({ at, local, timezone }: JsonObject, pointer: string): Generator<Problem> {
  if (typeof at === 'string' && !hasExpression(at) && Number.isNaN(Date.parse(at))) {
    yield errorAt(`${pointer}/at`, `${JSON.stringify(at)} is not a moment`, { value: at });
  }
  if (timezone !== undefined && local === undefined) {
    yield errorAt(`${pointer}/timezone`, 'belongs to `local`; `at` has its offset', { value: timezone });
  }
  if (typeof timezone === 'string' && !hasExpression(timezone)) yield* timezoneProblem(`${pointer}/timezone`, timezone);
}
