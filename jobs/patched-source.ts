import { isAlias, isMap, isScalar, parseDocument } from 'yaml';
import { canonical } from './canonical.ts';
import type { Json, JsonObject } from './json.ts';
import { errorAt, InvalidInput } from './problem.ts';
import { readSource } from './source.ts';

/**
 * A text with some of its fields changed as a merge patch says (RFC 7396: null takes a field away, objects are merged); comments and the order
 * of all else stay. Throws InvalidInput for a text whose fields cannot be changed one by one, such as those that stand for an anchor elsewhere.
 */
export function patchedSource(source: string, patch: JsonObject): string {
  const before = readSource(source).value as JsonObject;
  const wanted = mergePatch(before, patch);
  if (/^\s*\{/.test(source)) return JSON.stringify(wanted, null, 2);
  const document = parseDocument(source, { version: '1.2', schema: 'core' });
  const change = (path: readonly string[], value: Json): void => {
    const there = document.getIn(path, true);
    if (value === null) document.deleteIn(path);
    else if (isObject(value) && isMap(there) && !isAlias(there))
      for (const [key, one] of Object.entries(value)) change([...path, key], one);
    else {
      const node = document.createNode(mergePatch(null, value));
      // What stands behind a value is about the field.
      if (isScalar(there)) node.comment = there.comment ?? null;
      document.setIn(path, node);
    }
  };
  for (const [key, value] of Object.entries(patch)) change([key], value);
  const text = document.toString({ lineWidth: 0 });
  if (canonical(readSource(text).value) === canonical(wanted)) return text;
  throw new InvalidInput([errorAt('', 'this text cannot be changed field by field; send it whole')]);
}

/** What a merge patch makes of a value. */
function mergePatch(value: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(value) ? value : {}));
  for (const [key, one] of Object.entries(patch)) {
    if (one === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key) ?? null, one));
  }
  return Object.fromEntries(merged);
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
