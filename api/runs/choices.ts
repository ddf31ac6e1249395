import { v7 as uuidv7 } from 'uuid';
import { lastResult } from '#db/queries/last-result.ts';
import { resolveTargets, UnknownTargets } from '#db/queries/resolve-targets.ts';
import { CHOICES_WORKFLOW, type ChoicesAnswer, type ChoicesCall, choicesIn, choicesInAnswer, isChosenAmong } from '#jobs/choices.ts';
import { chosenTargets } from '#jobs/chosen-targets.ts';
import type { ChoicesDefinition, JobDefinition, ParameterSchema } from '#jobs/definition.ts';
import { parseDuration } from '#jobs/duration.ts';
import { render } from '#jobs/expression/render.ts';
import { StepFailure } from '#jobs/failure.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';
import { errorAt, InvalidInput, pointerTo } from '#jobs/problem.ts';
import { RUN_QUEUE } from '#workflows/messages.ts';
import { HttpProblem, unavailable } from '../problem.ts';
import { PROJECT } from '../project.ts';
import type { Services } from '../services.ts';

/** What a person may choose, and since when that is known. */
export interface Choices {
  readonly items: readonly Json[];
  /** ISO 8601. */
  readonly as_of: string;
  readonly cached: boolean;
}

/** A parameter of one version of a job. */
export interface Asked {
  readonly job: string;
  readonly version: number | null;
  readonly name: string;
  readonly schema: ParameterSchema;
}

interface Kept {
  readonly choices: Choices;
  readonly until: number;
}
const MOST_KEPT = 500;
const kept = new Map<string, Kept>();

/** What a person may choose for a parameter, given those it depends on. Throws 422 for parameters that are missing or mean nothing, 503 when the source does not answer within ten seconds. */
export async function choicesFor(services: Services, asked: Asked, given: JsonObject): Promise<Choices> {
  const { choices } = asked.schema;
  if (choices === undefined) throw new HttpProblem(422, `parameter ${asked.name} has no choices`);
  const parameters = dependencies(asked.name, choices, given);
  const key = JSON.stringify([asked.job, asked.version, asked.name, parameters]);
  const known = choices.cache === undefined ? undefined : kept.get(key);
  if (known && known.until > Date.now()) return { ...known.choices, cached: true };
  const fresh: Choices = { items: await readSource(services, asked, choices, parameters), as_of: new Date().toISOString(), cached: false };
  if (choices.cache !== undefined) keep(key, { choices: fresh, until: Date.now() + parseDuration(choices.cache) });
  return fresh;
}

function keep(key: string, one: Kept): void {
  kept.delete(key);
  kept.set(key, one);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

function dependencies(name: string, { depends_on = [] }: ChoicesDefinition, given: JsonObject): JsonObject {
  const missing = depends_on.filter((other) => !Object.hasOwn(given, other));
  if (missing.length > 0) {
    throw new InvalidInput(
      missing.map((other) => errorAt(pointerTo('/parameters', other), `is missing, and the choices of ${name} depend on it`)),
    );
  }
  return Object.fromEntries(depends_on.map((other) => [other, given[other] ?? null]));
}

async function readSource(
  services: Services,
  { name }: Asked,
  choices: ChoicesDefinition,
  parameters: JsonObject,
): Promise<readonly Json[]> {
  const place = `parameters.${name}.choices`;
  try {
    if (choices.values !== undefined) return choicesIn(choices.values as Json, place);
    if (choices.targets !== undefined) return await targetNames(services, chosenTargets(choices.targets, { parameters }, place));
    if (choices.job !== undefined) return await outputOf(services, choices.job, place);
    if (choices.http === undefined) return [];
    const url = render(choices.http.url, { parameters }, { place: `${place}.http.url` });
    const answer = await ask(services, { url: String(url) }, place);
    if ('error' in answer) throw unavailable(`${place}: ${answer.error}`, 10);
    return choicesInAnswer(choices.http, answer.body, parameters, `${place}.http`);
  } catch (error) {
    if (error instanceof StepFailure) throw new InvalidInput([errorAt(pointerTo('/parameters', name), error.message)]);
    throw error;
  }
}

async function targetNames({ database }: Services, choice: Parameters<typeof resolveTargets>[2]): Promise<readonly string[]> {
  try {
    const found = await resolveTargets(database.read, PROJECT, choice);
    return found.filter(({ enabled }) => enabled).map(({ name }) => name);
  } catch (error) {
    if (error instanceof UnknownTargets) return [];
    throw error;
  }
}

async function outputOf({ database }: Services, { name, output }: { readonly name: string; readonly output: string }, place: string) {
  const last = await lastResult(database.read, PROJECT, name);
  if (last === null) throw unavailable(`${place}: no run of job ${name} has completed yet`, 60);
  const { result } = last;
  const value = typeof result === 'object' && result !== null && !Array.isArray(result) ? (result as JsonObject)[output] : undefined;
  if (value === undefined) throw unavailable(`${place}: run #${last.number} of job ${name} has no output ${output}`, 60);
  return choicesIn(value, `${place}: output ${output} of run #${last.number}`);
}

async function ask({ temporal }: Services, call: ChoicesCall, place: string): Promise<ChoicesAnswer> {
  try {
    return await temporal.within(LIMITS.choicesMs + 1_000, () =>
      temporal.client.workflow.execute<(call: ChoicesCall) => Promise<ChoicesAnswer>>(CHOICES_WORKFLOW, {
        taskQueue: RUN_QUEUE,
        workflowId: `choices:${uuidv7()}`,
        args: [call],
        workflowRunTimeout: '15s',
      }),
    );
  } catch (cause) {
    throw unavailable(`${place}: no answer within ${LIMITS.choicesMs / 1000} s`, 10, cause);
  }
}

/** Throws InvalidInput for values that were chosen and that are, by now, among the strict choices of none. */
export async function refuseUnchosen(
  services: Services,
  job: Pick<Asked, 'job' | 'version'>,
  definition: JobDefinition,
  parameters: JsonObject,
): Promise<void> {
  const strict = Object.entries(definition.parameters ?? {}).filter(([, { choices }]) => choices?.strict === true);
  const problems = await Promise.all(
    strict.map(async ([name, schema]) => {
      const value = parameters[name];
      if (value === undefined || value === null) return [];
      const { items } = await choicesFor(services, { ...job, name, schema: { ...schema, choices: withoutCache(schema) } }, parameters);
      const pointer = pointerTo('/parameters', name);
      return isChosenAmong(schema, value, items)
        ? []
        : [errorAt(pointer, `${JSON.stringify(value).slice(0, 80)} is not among the ${items.length} choices there are now`)];
    }),
  );
  if (problems.flat().length > 0) throw new InvalidInput(problems.flat());
}

const withoutCache = ({ choices }: ParameterSchema): ChoicesDefinition => {
  const { cache: _, ...fresh } = choices ?? {};
  return fresh;
};
