import type { JobDefinition } from '#jobs/definition.ts';
import { readSource } from '#jobs/source.ts';

const MOST_KEPT = 500;
const kept = new Map<string, readonly string[]>();

/** The definition with its parameters in the order they were typed, as a form asks for them; the database keeps keys in its own. */
export const inWrittenOrder = (definition: JobDefinition, source: string, version: string): JobDefinition => {
  const { parameters } = definition;
  if (!parameters || Object.keys(parameters).length < 2) return definition;
  const names = kept.get(version) ?? namesIn(source);
  kept.delete(version);
  kept.set(version, names);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  const order = [...new Set([...names, ...Object.keys(parameters)])];
  return {
    ...definition,
    parameters: Object.fromEntries(order.flatMap((name) => (parameters[name] === undefined ? [] : [[name, parameters[name]] as const]))),
  };
};

function namesIn(source: string): readonly string[] {
  const { value } = readSource(source);
  const parameters = typeof value === 'object' && value !== null && 'parameters' in value ? value.parameters : null;
  return typeof parameters === 'object' && parameters !== null ? Object.keys(parameters) : [];
}
