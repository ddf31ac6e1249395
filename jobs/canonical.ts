import type { Json } from './json.ts';

/** A value's one JSON text, whatever the order of its keys: equal texts, equal values. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join()}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join()}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
