import type { JobDefinition, StepDefinition } from './definition.ts';
import { outputsType, templateType } from './expression/check.ts';
import { resultScope, runScope, type ScopeTypes } from './expression/types.ts';
import { needsOf, upstreamOf } from './graph.ts';
import { itemTypes } from './items/item-types.ts';
import type { JsonSchema } from './json.ts';
import { once } from './once.ts';
import { secretNames } from './secret-parameters.ts';
import type { SpecsByType } from './step.ts';

/** What the expressions of one definition may see, place by place. */
export interface Scopes {
  /** Ids of the steps that have ended when this one starts. */
  upstreamOf(step: StepDefinition): ReadonlySet<string>;
  /** What a step's own `outputs` see. */
  resultOf(step: StepDefinition): ScopeTypes;
  /** What more is seen by whoever undoes a step, or a part of it: its `result` is what that handed on. */
  ofUndoing(step: StepDefinition): ScopeTypes;
  /** The same where each of a step's parts sees its item. */
  ofParts(step: StepDefinition): Scopes;
  /** Names of the parameters that no expression sees. */
  readonly secretParameters: readonly string[];
  /** What these sources see elsewhere, where the given steps have ended, and what more there is to see. */
  forSources(sources: readonly string[], ended: ReadonlySet<string>, more?: ScopeTypes): ScopeTypes;
}

/** Scopes hold only the parameters and steps that their sources name: to declare each step to each other would cost seconds. */
export function scopesOf(job: JobDefinition, specs: SpecsByType): Scopes {
  const needs = needsOf(job.steps);
  const results = new Map(Object.entries(specs).map(([type, { result, target }]) => [type, resultScope(result, target !== undefined)]));
  const unknownResult = resultScope({});
  const resultOf = (step: StepDefinition): ScopeTypes => {
    const result = results.get(step.type) ?? unknownResult;
    return hasItems(step) ? { ...itemsOf(step), ...result } : result;
  };
  const itemsOf = (step: StepDefinition): ScopeTypes => {
    const known = items.get(step) ?? itemTypes(step, (sources) => scopes.forSources(sources, upstreamOf(step.id, needs)));
    items.set(step, known);
    return known;
  };
  const items = new Map<StepDefinition, ScopeTypes>();
  const outputs = new Map(job.steps.map((step) => [step.id, once(() => handedOn(step))]));
  const made = new Map<string, ScopeTypes>();
  const room = { objects: MOST_OBJECTS };
  const openParameters = Object.keys(job.parameters ?? {}).filter((name) => !secretNames(job.parameters).includes(name));

  const handedOn = (step: StepDefinition): JsonSchema => {
    const one = outputsType(step.outputs ?? {}, resultOf(step));
    const parts = inParts(step);
    return parts === 'unknown' ? {} : parts ? { type: 'array', items: one } : one;
  };
  /** Whether a step is carried out in parts, which only the run may know. */
  const inParts = (step: StepDefinition): boolean | 'unknown' => {
    if (hasItems(step)) return true;
    if (specs[step.type]?.target === undefined) return false;
    const choice = step.target ?? job.target;
    if (typeof choice !== 'string') return choice !== undefined;
    const ended = step.target === undefined ? new Set<string>() : upstreamOf(step.id, needs);
    const type = templateType(choice, (sources) => scopes.forSources(sources, ended)).type;
    return type === undefined ? 'unknown' : type === 'array';
  };

  /** Most expressions of a part name no item, and share what the others see. */
  const seenInParts = (step: StepDefinition, sources: readonly string[], run: ScopeTypes): ScopeTypes => {
    if (!sources.some((source) => ITEM_NAMES.test(source))) return run;
    const ofStep = inItems.get(step) ?? new Map<ScopeTypes, ScopeTypes>();
    inItems.set(step, ofStep);
    const known = ofStep.get(run) ?? { ...run, ...itemsOf(step) };
    ofStep.set(run, known);
    return known;
  };
  const inItems = new Map<StepDefinition, Map<ScopeTypes, ScopeTypes>>();

  const scopes: Scopes = {
    ofParts: (step) =>
      hasItems(step)
        ? { ...scopes, forSources: (sources, ended) => seenInParts(step, sources, scopes.forSources(sources, ended)) }
        : scopes,
    upstreamOf: ({ id }) => upstreamOf(id, needs),
    secretParameters: secretNames(job.parameters),
    resultOf,
    ofUndoing: (step) => ({ ...(hasItems(step) && itemsOf(step)), result: outputsType(step.outputs ?? {}, resultOf(step)) }),
    forSources(sources, ended, more = {}) {
      const parameters = named('parameters', sources, openParameters);
      const steps = named('steps', sources, [...outputs.keys()]).filter((id) => ended.has(id));
      const key = JSON.stringify([parameters, steps, more]);
      const known =
        made.get(key) ??
        ({
          ...runScope(
            Object.fromEntries(parameters.map((name) => [name, within(room, job.parameters?.[name] ?? {})])),
            Object.fromEntries(steps.map((id) => [id, within(room, outputs.get(id)?.() ?? {})])),
          ),
          ...more,
        } satisfies ScopeTypes);
      made.set(key, known);
      return known;
    },
  };
  return scopes;
}

const hasItems = ({ foreach, matrix }: StepDefinition): boolean => foreach !== undefined || matrix !== undefined;
const ITEM_NAMES = /\b(item|index|matrix)\b/;

/** Object types a definition may declare to its expressions, all scopes together; beyond, only the run knows their fields. */
const MOST_OBJECTS = 1000;

function within(room: { objects: number }, schema: JsonSchema): JsonSchema {
  if (schema.type === 'object' && schema.properties) {
    room.objects -= 1;
    if (room.objects < 0) return { type: 'object' };
    return {
      ...schema,
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => [name, within(room, part)])),
    };
  }
  if (schema.items) return { ...schema, items: within(room, schema.items) };
  return typeof schema.additionalProperties === 'object'
    ? { ...schema, additionalProperties: within(room, schema.additionalProperties) }
    : schema;
}

/** The names that sources write behind a variable; all there are when one is written that is not, or is computed. */
function named(variable: 'parameters' | 'steps', sources: readonly string[], known: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const source of sources) {
    const names = namesBehind(variable, source);
    if (source.split(new RegExp(`\\b${variable}\\b`)).length - 1 > names.length) return known;
    for (const name of names) found.add(name);
  }
  const isUnknown = variable === 'parameters' && [...found].some((name) => !known.includes(name));
  return isUnknown ? known : known.filter((name) => found.has(name));
}

/** `parameters.site` and `parameters["site"]` both name site. */
export function namesBehind(variable: 'parameters' | 'steps', source: string): readonly string[] {
  const select = new RegExp(`\\b${variable}\\s*(?:\\.\\s*([A-Za-z_]\\w*)|\\[\\s*(?:"([^"\\\\]*)"|'([^'\\\\]*)')\\s*\\])`, 'g');
  return [...source.matchAll(select)].flatMap(([, plain, double, single]) => plain ?? double ?? single ?? []);
}
