import { conditionOf } from './compile.ts';
import type { ChoicesDefinition, JobDefinition, ParameterSchema, StepDefinition } from './definition.ts';
import { durationProblems } from './duration-rules.ts';
import { checkExpression, checkTemplate, type Expected } from './expression/check.ts';
import { hasExpression } from './expression/scan.ts';
import { runScope } from './expression/types.ts';
import { problemsAt } from './expression-rules.ts';
import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';
import { errorAt, type Problem, pointerTo, shown } from './problem.ts';
import { parameterOf } from './secret-parameters.ts';
import { didYouMean } from './suggest.ts';
import { targetViolations } from './target-rules.ts';

type Schemas = NonNullable<JobDefinition['parameters']>;

/** What is wrong with how parameters are asked for: secrets that would show, conditions and choices over what is not known by then. */
export function* askingViolations(schemas: Schemas): Generator<Problem> {
  const before: Record<string, ParameterSchema> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const pointer = pointerTo('/parameters', name);
    if (schema.secret === true) yield* secretViolations(schema, pointer);
    if (schema.visible_if !== undefined) {
      const text = conditionOf(schema.visible_if);
      yield* problemsAt(`${pointer}/visible_if`, text, checkExpression(text, runScope(openOnes(before), {}), 'boolean'));
    }
    if (schema.choices !== undefined) yield* choicesViolations(schema.choices, name, before, `${pointer}/choices`);
    before[name] = schema;
  }
}

/** Whoever asks sees the parameters that stand before, less the secret ones. */
const openOnes = (schemas: Schemas): Schemas => Object.fromEntries(Object.entries(schemas).filter(([, { secret }]) => secret !== true));

/** A text whose value stands in no definition. */
function* secretViolations(schema: ParameterSchema, pointer: string): Generator<Problem> {
  if (schema.type !== 'string') yield errorAt(`${pointer}/type`, `a secret parameter is text; this one is ${shown(schema.type as Json)}`);
  for (const field of ['default', 'enum', 'const', 'examples', 'choices'] as const) {
    if (schema[field] !== undefined) yield errorAt(`${pointer}/${field}`, 'a secret parameter has none: its values stand in no definition');
  }
}

const SOURCES = ['values', 'targets', 'job', 'http'] as const;

function* choicesViolations(choices: ChoicesDefinition, name: string, before: Schemas, pointer: string): Generator<Problem> {
  const given = SOURCES.filter((source) => choices[source] !== undefined);
  if (given.length !== 1) {
    const has = given.length === 0 ? 'none' : given.join(' and ');
    yield errorAt(pointer, `needs one source of values (${SOURCES.join(', ')}) and has ${has}`);
  }
  for (const [at, other] of (choices.depends_on ?? []).entries()) {
    const place = `${pointer}/depends_on/${at}`;
    if (other === name) yield errorAt(place, `parameter ${shown(other)} depends on itself`, { value: other });
    else if (!Object.hasOwn(before, other)) {
      const near = didYouMean(other, Object.keys(before));
      yield errorAt(place, `no parameter ${shown(other)} stands before this one${near}`, { value: other });
    } else if (before[other]?.secret === true)
      yield errorAt(place, `parameter ${shown(other)} is secret; nothing depends on it`, { value: other });
  }
  if (choices.cache !== undefined) yield* durationProblems(`${pointer}/cache`, choices.cache, LIMITS.choicesCacheMs);
  const seen = Object.fromEntries((choices.depends_on ?? []).flatMap((other) => (before[other] ? [[other, before[other]] as const] : [])));
  const scope = runScope(openOnes(seen), {});
  const check = function* (text: string, at: string, expected?: Expected): Generator<Problem> {
    if (hasExpression(text)) yield* problemsAt(at, text, checkTemplate(text, scope, expected));
  };
  if (choices.targets !== undefined) {
    yield* targetViolations(choices.targets, `${pointer}/targets`);
    for (const [text, at] of textsOf(choices.targets as Json, `${pointer}/targets`)) yield* check(text, at);
  }
  if (choices.http !== undefined) {
    yield* check(choices.http.url, `${pointer}/http/url`, 'string');
    if (choices.http.items !== undefined) {
      const text = conditionOf(choices.http.items);
      yield* problemsAt(`${pointer}/http/items`, text, checkExpression(text, { ...scope, result: {} }));
    }
  }
}

function* textsOf(value: Json, pointer: string): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [value, pointer];
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) yield* textsOf(one, pointerTo(pointer, key));
}

/** Steps that bind a parameter which is not secret, or is none. */
export function* bindingViolations(job: JobDefinition): Generator<Problem> {
  const schemas = job.parameters ?? {};
  for (const { secrets, pointer } of bindingsOf(job)) {
    for (const [variable, reference] of Object.entries(secrets)) {
      const name = parameterOf(reference);
      if (name === null || (Object.hasOwn(schemas, name) && schemas[name]?.secret === true)) continue;
      const known = Object.keys(schemas).filter((other) => schemas[other]?.secret === true);
      const isOpen = Object.hasOwn(schemas, name);
      const why = isOpen ? `is not secret; use it as an expression, or write secret: true` : `is no parameter${didYouMean(name, known)}`;
      yield errorAt(pointerTo(pointer, variable), `parameter ${shown(name)} ${why}`, { value: reference });
    }
  }
}

interface Binding {
  readonly secrets: { readonly [variable: string]: string };
  readonly pointer: string;
}

function* bindingsOf({ steps, on_failure = [], on_cancel = [] }: JobDefinition): Generator<Binding> {
  const lists: readonly (readonly [string, readonly Partial<StepDefinition>[]])[] = [
    ['steps', steps],
    ['on_failure', on_failure],
    ['on_cancel', on_cancel],
  ];
  for (const [list, all] of lists) {
    for (const [at, { secrets, compensate }] of all.entries()) {
      if (secrets) yield { secrets, pointer: `/${list}/${at}/secrets` };
      if (compensate?.secrets) yield { secrets: compensate.secrets, pointer: `/${list}/${at}/compensate/secrets` };
    }
  }
}
