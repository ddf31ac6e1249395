import { render } from '#jobs/expression/render.ts';
import { stepFailure } from '#jobs/failure.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { LIMITS } from '#jobs/limits.ts';

const LONGEST_TEXT = 4096;

/**
 * What later steps see of a step's result: the declared outputs, or else the result itself with long texts cut and, if it is still
 * too large, its largest fields left out. Throws `invalid_input` when declared outputs are over the limit.
 */
export function outputsOf(declared: { readonly [name: string]: Json }, result: JsonObject): JsonObject {
  if (Object.keys(declared).length === 0) return shrink(clip(result) as JsonObject);
  const outputs = render(declared, { result }, { place: 'outputs' }) as JsonObject;
  const size = sizeOf(outputs);
  if (size > LIMITS.outputBytes) {
    throw stepFailure(
      'invalid_input',
      `outputs: ${size} bytes as JSON; a step may hand on at most ${LIMITS.outputBytes}, so pick the part that later steps need`,
    );
  }
  return outputs;
}

const sizeOf = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

function clip(value: Json): Json {
  if (typeof value === 'string') return value.length > LONGEST_TEXT ? value.slice(-LONGEST_TEXT) : value;
  if (Array.isArray(value)) return value.map(clip);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clip(inner)]));
}

function shrink(result: JsonObject): JsonObject {
  let size = sizeOf(result);
  if (size <= LIMITS.outputBytes) return result;
  const fields = Object.entries(result).map(([name, value]) => ({ name, size: sizeOf(value) }));
  const dropped = new Set<string>();
  for (const field of fields.sort((a, b) => b.size - a.size)) {
    if (size <= LIMITS.outputBytes) break;
    dropped.add(field.name);
    size -= field.size;
  }
  return Object.fromEntries(Object.entries(result).filter(([name]) => !dropped.has(name)));
}
