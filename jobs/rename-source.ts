import { isMap, isNode, isScalar, parseDocument, Scalar } from 'yaml';
import { canonical } from './canonical.ts';
import type { Json, JsonObject } from './json.ts';
import { errorAt, InvalidInput } from './problem.ts';
import { readSource } from './source.ts';

/** The text of a definition with another name in it, and not a sign of it changed elsewhere. Throws InvalidInput where the name cannot be replaced without changing more. */
export function renamedSource(source: string, name: string): string {
  // JSON may be indented by tabs, YAML may not; places stay the same.
  const text = /^\s*[{[]/.test(source) ? source.replaceAll('\t', ' ') : source;
  const { contents } = parseDocument(text, { schema: 'core', merge: false, logLevel: 'silent' });
  const node = isMap(contents) ? contents.get('name', true) : undefined;
  if (!isNode(node) || !node.range) throw new InvalidInput([errorAt('/name', 'is missing')]);
  const isQuoted = isScalar(node) && node.type !== Scalar.PLAIN;
  const written = isQuoted || !isPlainText(name) ? JSON.stringify(name) : name;
  const renamed = source.slice(0, node.range[0]) + written + source.slice(node.range[1]);
  const [before, after] = [readSource(source).value as JsonObject, readSource(renamed).value as JsonObject];
  if (canonical({ ...before, name } as Json) !== canonical(after)) {
    throw new InvalidInput([errorAt('/name', 'is written so that other places share it; write it out to have it replaced')]);
  }
  return renamed;
}

/** Words that YAML takes for something else than text, among names. */
const isPlainText = (name: string): boolean => /^[a-z]/.test(name) && !['true', 'false', 'null'].includes(name);
