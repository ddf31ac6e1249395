import { render } from './expression/render.ts';
import { stepFailure } from './failure.ts';
import { bytesAsJson, type Json, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import type { PartVariables } from './parts.ts';

const LONGEST_TEXT = 4096;

/**
 * What later steps see of a step's result: the declared outputs, or else the result itself with long texts cut and, if it is still
 * larger than it may be, its largest fields left out. Throws `invalid_input` when declared outputs are over the limit.
 */
export function outputsOf(
  declared: { readonly [name: string]: Json },
  result: JsonObject,
  most: number = LIMITS.outputBytes,
  part: PartVariables = {},
): JsonObject {
  if (Object.keys(declared).length === 0) return shrink(clip(result, Math.min(LONGEST_TEXT, most / 4)) as JsonObject, most);
  const outputs = render(declared, { ...part, result }, { place: 'outputs' }) as JsonObject;
  const size = bytesAsJson(outputs);
  if (size > LIMITS.outputBytes) {
    throw stepFailure(
      'invalid_input',
      `outputs: ${size} bytes as JSON; a step may hand on at most ${LIMITS.outputBytes}, so pick the part that later steps need`,
    );
  }
  return outputs;
}

function clip(value: Json, longest: number): Json {
  if (typeof value === 'string') return value.length > longest ? value.slice(-longest) : value;
  if (Array.isArray(value)) return value.map((item) => clip(item, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clip(inner, longest)]));
}

function shrink(result: JsonObject, most: number): JsonObject {
  let size = bytesAsJson(result);
  if (size <= most) return result;
  const fields = Object.entries(result).map(([name, value]) => ({ name, size: bytesAsJson(value) }));
  const dropped = new Set<string>();
  for (const field of fields.sort((a, b) => b.size - a.size)) {
    if (size <= most) break;
    dropped.add(field.name);
    size -= field.size;
  }
  return Object.fromEntries(Object.entries(result).filter(([name]) => !dropped.has(name)));
}
