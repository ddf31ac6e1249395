import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { STEP_SPECS } from '#activities/catalog.ts';
import type { CheckedJob } from '#db/queries/save-job.ts';
import { canonical } from '#jobs/canonical.ts';
import { compile } from '#jobs/compile.ts';
import { type CheckedDefinition, type JobDefinition, parseDefinition, validateDefinition } from '#jobs/definition.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import type { Plan } from '#jobs/plan.ts';
import { InvalidInput } from '#jobs/problem.ts';
import { parseJson } from './describe.ts';
import type { Env } from './env.ts';
import { HttpProblem } from './problem.ts';

/** A definition as it was sent: its text, and why it is saved. */
export interface SentDefinition {
  readonly source: string;
  readonly format: 'yaml' | 'json';
  readonly message: string | null;
}

/** The forms a definition may be sent in. */
export const DEFINITION_TYPES = ['application/yaml', 'application/json'];

const YAML = /^(application|text)\/(x-)?yaml\b/i;
const JSON_TYPE = /^application\/json\b/i;

/** Reads a definition in any form it may be sent in: YAML text, JSON `{source, message?}`, or the definition itself as JSON. */
export async function readDefinition(c: Context<Env>): Promise<SentDefinition> {
  const type = c.req.header('content-type') ?? '';
  const text = await c.req.text();
  if (YAML.test(type)) return { source: text, format: 'yaml', message: c.req.query('message') ?? null };
  if (!JSON_TYPE.test(type)) {
    throw new HttpProblem(415, `content-type: ${type || 'none'} is not accepted here; send application/yaml or application/json`);
  }
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('source' in value)) return { source: text, format: 'json', message: null };
  const { source, message } = value as { source: unknown; message?: unknown };
  if (typeof source !== 'string') throw new HttpProblem(422, 'source: expected the definition’s text');
  if (message !== undefined && message !== null && typeof message !== 'string') throw new HttpProblem(422, 'message: expected text');
  return { source, format: source.trimStart().startsWith('{') ? 'json' : 'yaml', message: message ?? null };
}

/** What is right and wrong with a definition. */
export const checkDefinition = (sent: SentDefinition): CheckedDefinition => parseDefinition(sent.source, STEP_SPECS);

/** A definition ready to be saved. Throws InvalidInput with everything that is wrong with it. */
export function prepareDefinition(sent: SentDefinition, sample = false): CheckedJob {
  const { definition, problems } = checkDefinition(sent);
  if (problems.some(({ severity }) => severity === 'error')) throw new InvalidInput(problems);
  return withPlan(sent, definition, sample);
}

/** What was sent with what it says, which must have been checked, and its plan. */
export function withPlan({ source, format, message }: SentDefinition, definition: JobDefinition, sample = false): CheckedJob {
  return {
    source,
    format,
    message,
    definition,
    plan: compile(definition, STEP_SPECS),
    sample,
    hash: createHash('sha256')
      .update(canonical(definition as unknown as Json))
      .digest('hex'),
  };
}

/** A definition of a run's own, as data or as text, with its plan. Throws InvalidInput, with pointers into the field it came in. */
export function prepareOwnDefinition(
  given: JsonObject | undefined,
  source: string | undefined,
): { readonly definition: JobDefinition; readonly plan: Plan } {
  if ((given === undefined) === (source === undefined)) throw new HttpProblem(422, 'write either definition or source');
  const field = given === undefined ? '/source' : '/definition';
  const { definition, problems } = given === undefined ? parseDefinition(source ?? '', STEP_SPECS) : validateDefinition(given, STEP_SPECS);
  if (problems.some(({ severity }) => severity === 'error')) {
    throw new InvalidInput(problems.map((problem) => ({ ...problem, pointer: `${field}${problem.pointer}` })));
  }
  return { definition, plan: compile(definition, STEP_SPECS) };
}
