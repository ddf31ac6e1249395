import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { DEFINITION_SCHEMA } from '#jobs/definition-schema.ts';
import type { JsonSchema } from '#jobs/json.ts';
import { STEP_SCHEMA } from '#jobs/step-schema.ts';
import type { Known } from '../expressions/known.ts';
import { type Suggestion, suggestionsIn } from '../expressions/suggest.ts';
import { aroundEnd } from './path-at.ts';

/** Completes what is written by what is known: keys and values by their schemas, names inside `${{ }}`. */
export const completionOf =
  (known: () => Known): CompletionSource =>
  (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const open = before.lastIndexOf('${{');
    if (open !== -1 && !before.slice(open).includes('}}')) return inExpression(context, before.slice(open + 3), known());
    return inYaml(context, before, known());
  };

const inExpression = (context: CompletionContext, source: string, known: Known): CompletionResult | null => {
  const lines = linesBefore(context);
  const found = suggestionsIn(source, known, idIn(aroundEnd(lines).item));
  if (found.options.length === 0 || (!context.explicit && found.word === '' && !source.endsWith('.') && source.trim() !== '')) return null;
  return { from: context.pos - found.word.length, options: found.options.map(optionOf), validFor: /^[\w-]*$/ };
};

const optionOf = ({ name, detail }: Suggestion): Completion => ({ label: name, ...(detail && { detail }) });

const idIn = (item: readonly string[]): string | undefined => wordOf(item, 'id');

const wordOf = (item: readonly string[], key: string): string | undefined => {
  const line = item.map((one) => new RegExp(`^\\s*(?:- +)?${key}:\\s*['"]?([^\\s'"#]+)`).exec(one)?.[1]).find((one) => one !== undefined);
  return line;
};

const linesBefore = ({ state, pos }: CompletionContext): readonly string[] => {
  const last = state.doc.lineAt(pos).number;
  const first = Math.max(1, last - 3_000);
  return state.sliceDoc(state.doc.line(first).from, pos).split(/\r?\n/);
};

function inYaml(context: CompletionContext, before: string, known: Known): CompletionResult | null {
  const value = /^\s*(?:- +)*([\w.-]+):\s+(['"]?)([\w.-]*)$/.exec(before);
  const key = /^\s*(?:- +)*([\w.-]*)$/.exec(before);
  if (!value && !key) return null;
  const { path, item, beside } = aroundEnd(linesBefore(context));
  const schema = schemaAt(path, wordOf(item, 'type'), known);
  if (value) {
    const [, name = '', , word = ''] = value;
    const options = valuesOf([...path, name], schema?.properties?.[name], known);
    return options.length === 0 ? null : { from: context.pos - word.length, options, validFor: /^[\w.-]*$/ };
  }
  const word = key?.[1] ?? '';
  if (word === '' && !context.explicit) return null;
  if (path.at(-1) === 'needs' || path.slice(-2).join('/') === 'needs/*')
    return { from: context.pos - word.length, options: known.steps.map(({ id }) => ({ label: id })) };
  const options = Object.entries(schema?.properties ?? {}).flatMap(([label, { description }]) =>
    beside.includes(label) ? [] : [{ label, apply: `${label}: `, ...(description && { info: description }) }],
  );
  return options.length === 0 ? null : { from: context.pos - word.length, options, validFor: /^[\w.-]*$/ };
}

/** What may stand at a path, as far as it is known. */
function schemaAt(path: readonly string[], type: string | undefined, known: Known): JsonSchema | undefined {
  let schema: JsonSchema | undefined = DEFINITION_SCHEMA;
  path.forEach((key, at) => {
    const inside: JsonSchema | undefined = key === '*' ? schema?.items : (schema?.properties?.[key] ?? extra(schema));
    const isConfig = key === 'config' && path[at - 1] === '*';
    schema = resolved(isConfig ? known.configOf(type) : inside);
  });
  return schema;
}

const extra = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;

const DEFINITIONS: { readonly [name: string]: JsonSchema } = { ...DEFINITION_SCHEMA.$defs, step: STEP_SCHEMA };
const resolved = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  schema?.$ref ? DEFINITIONS[schema.$ref.split('/').at(-1) ?? ''] : schema;

function valuesOf(path: readonly string[], schema: JsonSchema | undefined, known: Known): readonly Completion[] {
  const [list, item, name] = path;
  if (path.length === 3 && item === '*' && name === 'type' && list !== undefined)
    return known.types.map(({ type, title }) => ({ label: type, detail: title }));
  if (path.length === 3 && name === 'else_of') return known.steps.map(({ id }) => ({ label: id }));
  const own = resolved(schema);
  if (own?.type === 'boolean') return [{ label: 'true' }, { label: 'false' }];
  return (own?.enum ?? []).map((one) => ({ label: String(one) }));
}
