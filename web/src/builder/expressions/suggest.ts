import { VARIABLES } from '#jobs/expression/variables.ts';
import type { JsonSchema } from '#jobs/json.ts';
import type { Known } from './known.ts';

/** A name that may be written next. */
export interface Suggestion {
  readonly name: string;
  readonly detail?: string | undefined;
}

/** What may follow in an expression that has been written so far, and the word of it that is being written; `own` is the id of the step it stands in. */
export function suggestionsIn(
  source: string,
  known: Known,
  own?: string,
): { readonly word: string; readonly options: readonly Suggestion[] } {
  const chain = /(?:([\w.\-[\]"']*)\.)?([\w-]*)$/.exec(source);
  const word = chain?.[2] ?? '';
  const path = (chain?.[1] ?? '')
    .replace(/\[["']([^"']*)["']\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '');
  return { word, options: namesBehind(path, known, own) };
}

const FIELDS: { readonly [name: string]: readonly string[] } = {
  run: ['id', 'job', 'started_at', 'status', 'error'],
  source: ['id', 'number', 'job', 'status', 'parameters', 'outputs', 'ended_at'],
};

function namesBehind([first, second, third, ...rest]: readonly string[], known: Known, own: string | undefined): readonly Suggestion[] {
  if (first === undefined) return VARIABLES.map((name) => ({ name }));
  const ownStep = known.steps.find(({ id }) => id === own);
  if (first === 'parameters' && second === undefined) {
    return Object.entries(known.parameters).map(([name, { type, title }]) => ({
      name,
      detail: title ?? (typeof type === 'string' ? type : undefined),
    }));
  }
  if (first === 'steps') {
    if (second === undefined)
      return known.steps.filter(({ id }) => id !== own).map(({ id, name, type }) => ({ name: id, detail: name ?? type }));
    if (third === undefined) return [{ name: 'outputs' }, { name: 'status' }];
    return third === 'outputs' ? outputsOf(second, rest, known) : [];
  }
  if (first === 'result') return fieldsOf(known.resultOf(ownStep?.type), [second, third, ...rest]);
  if (first === 'matrix' && second === undefined)
    return Object.keys(ownStep?.matrix ?? {})
      .filter((name) => name !== 'include' && name !== 'exclude')
      .map((name) => ({ name }));
  return second === undefined ? (FIELDS[first] ?? []).map((name) => ({ name })) : [];
}

function outputsOf(id: string, rest: readonly string[], known: Known): readonly Suggestion[] {
  const step = known.steps.find((one) => one.id === id);
  if (step?.outputs && rest.length === 0) return Object.keys(step.outputs).map((name) => ({ name }));
  return step && !step.outputs ? fieldsOf(known.resultOf(step.type), rest) : [];
}

function fieldsOf(schema: JsonSchema | undefined, path: readonly (string | undefined)[]): readonly Suggestion[] {
  const inside = path.filter((key) => key !== undefined).reduce<JsonSchema | undefined>((found, key) => found?.properties?.[key], schema);
  return Object.entries(inside?.properties ?? {}).map(([name, { type, description }]) => ({
    name,
    detail: typeof type === 'string' ? type : description,
  }));
}
