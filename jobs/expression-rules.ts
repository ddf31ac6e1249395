import type { JobDefinition, StepDefinition } from './definition.ts';
import { bindingProblems, type CodeLanguage } from './expression/bind.ts';
import { checkExpression, checkTemplate, type Expected, type ExpressionProblem } from './expression/check.ts';
import { ExpressionError, hasExpression, partsOf } from './expression/scan.ts';
import type { ScopeTypes } from './expression/types.ts';
import { namesBehind, type Scopes, scopesOf } from './expression-scopes.ts';
import type { Json, JsonSchema } from './json.ts';
import { placedLocks } from './lock-rules.ts';
import { once } from './once.ts';
import { errorAt, type Problem, pointerTo, shown } from './problem.ts';
import { placedSteps } from './references.ts';
import type { SpecsByType } from './step.ts';
import { didYouMean } from './suggest.ts';
import type { TargetChoice } from './target-choice.ts';

/** What is wrong with the expressions of a definition whose shape and graph are right: syntax, names, types, steps read too early, values pasted into code. */
export function* expressionViolations(job: JobDefinition, specs: SpecsByType): Generator<Problem> {
  yield* misplacedTemplates(job);
  const scopes = scopesOf(job, specs);
  const all = new Set(job.steps.map(({ id }) => id));
  const atStart: View = { scopes, own: null, all, ended: () => new Set() };
  const atEnd: View = { ...atStart, ended: () => all };
  for (const [at, step] of job.steps.entries()) {
    const { compensate } = step;
    yield* stepViolations(step, `/steps/${at}`, specs, { scopes, own: step.id, all, ended: once(() => scopes.upstreamOf(step)) });
    if (compensate === undefined) continue;
    const undoing: View = { ...atEnd, more: scopes.ofUndoing(step) };
    yield* stepViolations(compensate as StepDefinition, `/steps/${at}/compensate`, specs, undoing);
  }
  for (const list of ['on_failure', 'on_cancel'] as const) {
    for (const [at, handler] of (job[list] ?? []).entries()) {
      yield* stepViolations(handler as StepDefinition, `/${list}/${at}`, specs, { ...atEnd, own: handler.id ?? handler.type });
    }
  }
  if (job.target !== undefined) yield* choiceViolations(job.target, '/target', atStart);
  for (const [at, { condition }] of (job.checks ?? []).entries()) yield* conditionViolations(condition, `/checks/${at}/condition`, atStart);
  for (const [at, { key }] of placedLocks(job.limits?.concurrency, '/limits/concurrency'))
    yield* templateViolations(key ?? '', `${at}/key`, atStart);
  for (const [name, text] of Object.entries(job.outputs ?? {})) yield* templateViolations(text, pointerTo('/outputs', name), atEnd);
}

/** From where an expression looks at the run. */
interface View {
  readonly scopes: Scopes;
  /** The step it belongs to. */
  readonly own: string | null;
  readonly all: ReadonlySet<string>;
  /** Steps that have ended by then. */
  readonly ended: () => ReadonlySet<string>;
  /** What is seen here alone. */
  readonly more?: ScopeTypes;
}

function* stepViolations(step: StepDefinition, pointer: string, specs: SpecsByType, view: View): Generator<Problem> {
  const config = (Object.hasOwn(specs, step.type) ? specs[step.type]?.config : undefined) ?? {};
  if (step.if !== undefined) yield* conditionViolations(step.if, `${pointer}/if`, view);
  if (step.foreach !== undefined) yield* itemListViolations(step.foreach, `${pointer}/foreach`, view);
  for (const [axis, list] of Object.entries(step.matrix ?? {})) yield* itemListViolations(list, `${pointer}/matrix/${axis}`, view);
  const inPart: View = { ...view, scopes: view.scopes.ofParts(step) };
  if (step.target !== undefined) yield* choiceViolations(step.target, `${pointer}/target`, inPart);
  for (const { text, pointer: at, ...place } of textsIn(step.config ?? {}, config, `${pointer}/config`))
    yield* templateViolations(text, at, inPart, place);
  for (const [at, { key }] of placedLocks(step.concurrency, `${pointer}/concurrency`))
    yield* templateViolations(key ?? '', `${at}/key`, inPart);
  yield* templateViolations(step.rate?.resource ?? '', `${pointer}/rate/resource`, inPart);
  for (const [name, text] of Object.entries(step.outputs ?? {}))
    yield* problemsAt(pointerTo(`${pointer}/outputs`, name), text, checkTemplate(text, view.scopes.resultOf(step)));
}

/** Items are a list, or an expression that gives one; those of a list may be filled in. */
function* itemListViolations(items: string | readonly Json[], pointer: string, view: View): Generator<Problem> {
  if (typeof items !== 'string') {
    for (const { text, pointer: at } of textsIn(items, {}, pointer)) yield* templateViolations(text, at, view);
  } else if (hasExpression(items)) yield* templateViolations(items, pointer, view, { expected: 'array' });
  else yield errorAt(pointer, `${shown(items)} is no list; write a list, or one expression that gives one`, { value: items });
}

/** A name, or an expression that gives one or a list of them; a list; a selector, whose own fields have types and whose attributes have any. */
function* choiceViolations(choice: TargetChoice, pointer: string, view: View): Generator<Problem> {
  if (typeof choice === 'string') {
    const asName = [...templateViolations(choice, pointer, view, { expected: 'string' })];
    const asNames = asName.length === 0 ? [] : [...templateViolations(choice, pointer, view, { expected: 'array' })];
    if (asNames.length > 0) yield* asName;
    return;
  }
  for (const { text, pointer: at, ...place } of textsIn(choice as Json, TARGET_TYPES, pointer))
    yield* templateViolations(text, at, view, place);
}

const list: JsonSchema = { type: 'array', items: { type: 'string' } };
const TARGET_TYPES: JsonSchema = {
  properties: { names: list, tags: list, any_tags: list, not_tags: list, kind: { type: 'string' }, allow_empty: { type: 'boolean' } },
  items: { type: 'string' },
};

/** A condition is one expression, bare or as `${{ … }}`. */
function* conditionViolations(text: string, pointer: string, view: View): Generator<Problem> {
  if (!hasExpression(text)) yield* problemsIn(text, pointer, [text], view, (scope) => checkExpression(text, scope, 'boolean'));
  else if (text.trim().startsWith('${{') && sourcesOf(text.trim()).length === 1 && text.trim().endsWith('}}')) {
    yield* templateViolations(text.trim(), pointer, view, { expected: 'boolean' });
  } else yield errorAt(pointer, `${shown(text)} is not one expression; write \${{ steps.check.outputs.changed }}`, { value: text });
}

interface TextPlace {
  readonly expected?: Expected;
  readonly code?: CodeLanguage;
}

function* templateViolations(text: string, pointer: string, view: View, { expected, code }: TextPlace = {}): Generator<Problem> {
  if (!hasExpression(text)) return;
  yield* problemsIn(text, pointer, sourcesOf(text), view, (scope) => [
    ...checkTemplate(text, scope, expected).map((problem) => withTextHint(problem, expected)),
    ...(code === undefined ? [] : bindingProblems(text, scope, code)),
  ]);
}

function sourcesOf(text: string): readonly string[] {
  try {
    return partsOf(text).flatMap((part) => ('source' in part ? [part.source] : []));
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

const withTextHint = (problem: ExpressionProblem, expected: Expected | undefined): ExpressionProblem =>
  expected === 'string' && problem.expected === 'string'
    ? { ...problem, message: `${problem.message}; write string(…) around it` }
    : problem;

type Check = (scope: ScopeTypes) => readonly ExpressionProblem[];

function* problemsIn(text: string, pointer: string, sources: readonly string[], view: View, check: Check): Generator<Problem> {
  const found = check(view.scopes.forSources(sources, view.ended(), view.more));
  if (found.length === 0) return;
  const early = sources.flatMap((source) => namesBehind('steps', source)).filter((id) => !view.ended().has(id));
  yield* problemsAt(
    pointer,
    text,
    found.map((problem) => aboutSecret(aboutStep(problem, early, view), view.scopes.secretParameters)),
  );
}

/** A step that cannot be read here: whether it is none, this one, or not certain to have ended. */
function aboutStep(problem: ExpressionProblem, early: readonly string[], { own, all, ended }: View): ExpressionProblem {
  const id = early.find((name) => problem.message.startsWith(`there is no step ${JSON.stringify(name)}`));
  if (id === undefined) return problem;
  if (id === own) return { ...problem, message: `step "${id}" cannot read itself` };
  if (all.has(id))
    return { ...problem, message: `step "${id}" may not have ended here; ${own === null ? 'it runs later' : `add "${id}" to needs`}` };
  return { ...problem, message: `there is no step "${id}"${didYouMean(id, [...ended()])}` };
}

/** A secret parameter is no value that an expression may see. */
function aboutSecret(problem: ExpressionProblem, secrets: readonly string[]): ExpressionProblem {
  const name = secrets.find((secret) => problem.message.startsWith(`there is no parameter ${JSON.stringify(secret)}`));
  if (name === undefined) return problem;
  const binding = `bind it to the step that needs it, with secrets: { ${name.toUpperCase().replaceAll('-', '_')}: parameters.${name} }`;
  return { ...problem, message: `parameter "${name}" is secret; ${binding}` };
}

/** What was found in an expression, as problems of the text it stands in. */
export function* problemsAt(pointer: string, text: string, found: readonly ExpressionProblem[]): Generator<Problem> {
  for (const { message, expected, severity, line, column } of found) {
    const place = line === 1 ? `column ${column}` : `line ${line}, column ${column}`;
    yield { ...errorAt(pointer, `${message} (${place} of the text)`, { value: text, ...(expected && { expected }) }), severity };
  }
}

interface Text extends TextPlace {
  readonly text: string;
  readonly pointer: string;
}

/** Every text of a config with what its schema says of its place. */
export function* textsIn(value: Json, schema: JsonSchema, pointer: string): Generator<Text> {
  if (typeof value === 'string') {
    const { type, 'x-code': code } = schema;
    yield { text: value, pointer, ...(isExpectable(type) && { expected: type }), ...(code && { code }) };
  }
  if (typeof value !== 'object' || value === null) return;
  const { properties = {}, additionalProperties, items } = schema;
  const others = typeof additionalProperties === 'object' ? additionalProperties : {};
  for (const [key, part] of Object.entries(value)) {
    const inner = Array.isArray(value) ? items : Object.hasOwn(properties, key) ? properties[key] : others;
    yield* textsIn(part, inner ?? {}, pointerTo(pointer, key));
  }
}

const EXPECTABLE: readonly unknown[] = ['boolean', 'integer', 'number', 'string', 'array', 'object'] satisfies readonly Expected[];
const isExpectable = (type: JsonSchema['type']): type is Expected => EXPECTABLE.includes(type);

/** Expressions where nothing fills them in would be run or shown as they stand. */
function* misplacedTemplates(job: JobDefinition): Generator<Problem> {
  const places: readonly (readonly [string, Json | undefined])[] = [
    ['/title', job.title],
    ['/category', job.category],
    ...(job.tags ?? []).map((tag, at) => [`/tags/${at}`, tag] as const),
    ...Object.entries(job.parameters ?? {}).map(
      ([name, schema]) => [pointerTo(pointerTo('/parameters', name), 'default'), schema.default] as const,
    ),
    ...placedSteps(job).map(({ step, pointer }) => [`${pointer}/name`, step.name] as const),
  ];
  for (const [pointer, value] of places) {
    if (typeof value !== 'string' || !hasExpression(value)) continue;
    yield errorAt(pointer, 'nothing is filled in here; expressions stand in if, target, config and outputs', { value });
  }
}
