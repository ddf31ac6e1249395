import { hostname } from 'node:os';
import type { Json, JsonObject } from '#jobs/json.ts';

/** A history as JSON without what it tells of the machine it was made on; a replay looks at none of it. */
export const scrub = (history: Json): Json => mapFields(history, (name, value) => REPLACED[name]?.(value) ?? value);

const REPLACED: { readonly [field: string]: (value: Json) => Json } = {
  identity: () => 'recorder',
  stackTrace: () => '',
  // The queue of one worker process is named after it.
  taskQueue: (queue) => (isObject(queue) && queue.normalName ? { ...queue, name: 'sticky' } : queue),
};

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

function mapFields(value: Json, change: (name: string, value: Json) => Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => mapFields(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapFields(change(name, inner), change)]));
}

/** All that a history says, its payloads opened. */
export const spelledOut = (history: Json): string =>
  JSON.stringify(
    mapFields(history, (name, value) => (name === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value)),
  );

/** Throws when a history still names this machine or one of its folders. */
export function refuseTraces(name: string, history: Json): void {
  const text = spelledOut(history);
  for (const trace of [hostname(), process.cwd(), process.env.HOME ?? '/root', 'file://']) {
    const at = text.indexOf(trace);
    if (at >= 0) throw new Error(`${name} names ${trace}: …${text.slice(Math.max(0, at - 80), at + 80)}…`);
  }
}
