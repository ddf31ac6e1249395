import { type Document, isAlias, isMap, isNode, type Node, parseDocument, visit } from 'yaml';
import type { JobDefinition } from '../definition.ts';
import type { Json, JsonObject } from '../json.ts';
import { keysOf } from '../problem.ts';
import type { DefinitionDiff } from './diff-definitions.ts';
import type { FieldChange } from './diff-values.ts';

/** What stands where a value must not be seen. */
export const MASK = '••••••';

/** Fields of a parameter that may hold its value. */
const VALUES = ['default', 'const', 'enum', 'examples', 'choices'] as const;

/** The names of the parameters that are secret in either definition. */
export const secretParameters = (...definitions: readonly JobDefinition[]): ReadonlySet<string> =>
  new Set(
    definitions.flatMap(({ parameters = {} }) =>
      Object.entries(parameters).flatMap(([name, { secret }]) => (secret === true ? [name] : [])),
    ),
  );

/** The difference as it may be shown: that a value of a secret parameter changed is said, the value is not. */
export const maskedDiff = (diff: DefinitionDiff, secret: ReadonlySet<string>): DefinitionDiff => ({
  ...diff,
  fields: diff.fields.map((change) => maskedChange(change, secret)),
});

function maskedChange(change: FieldChange, secret: ReadonlySet<string>): FieldChange {
  const [field, name, ...deeper] = keysOf(change.pointer);
  if (field !== 'parameters') return change;
  const mask = (value: Json): Json => {
    if (name === undefined) return byName(value as JsonObject, (schema, of) => (secret.has(of) ? maskedSchema(schema) : schema));
    if (!secret.has(name)) return value;
    if (deeper.length === 0) return maskedSchema(value);
    return isValue(deeper[0] ?? '') ? MASK : value;
  };
  return {
    pointer: change.pointer,
    ...(change.before !== undefined && { before: mask(change.before) }),
    ...(change.after !== undefined && { after: mask(change.after) }),
  };
}

const maskedSchema = (schema: Json): Json => byName(schema as JsonObject, (value, key) => (isValue(key) ? MASK : value));

const byName = (object: JsonObject, change: (value: Json, name: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));

const isValue = (key: string): boolean => VALUES.some((value) => value === key);

/** The text of a definition with the values of secret parameters covered, and all else as written. */
export function maskedSource(source: string, secret: ReadonlySet<string>, mask: string = MASK): string {
  if (secret.size === 0) return source;
  // JSON may be indented by tabs, YAML may not; places stay the same.
  const text = /^\s*[{[]/.test(source) ? source.replaceAll('\t', ' ') : source;
  const document = parseDocument(text, { schema: 'core', merge: false, logLevel: 'silent' });
  const covered = new Set<Node>();
  const parameters = fieldOf(document.contents, 'parameters', document);
  for (const name of secret) {
    const schema = fieldOf(parameters, name, document);
    for (const field of VALUES) cover(fieldOf(schema, field, document, 'as written'), document, covered);
  }
  const places = [...covered].flatMap(({ range }) => (range ? [{ from: range[0], to: range[1] }] : []));
  let masked = source;
  for (const { from, to } of joined(places).reverse()) {
    const end = masked.slice(from, to).endsWith('\n') ? '\n' : '';
    masked = masked.slice(0, from) + mask + end + masked.slice(to);
  }
  return masked;
}

/** A field's node, what it stands for if it is an alias. */
function fieldOf(node: unknown, name: string, document: Document, how: 'resolved' | 'as written' = 'resolved'): unknown {
  const field: unknown = isMap(node) ? node.get(name, true) : undefined;
  return how === 'resolved' && isAlias(field) ? field.resolve(document) : field;
}

/** A node, and what the aliases in it stand for, which is written elsewhere. */
function cover(node: unknown, document: Document, covered: Set<Node>): void {
  if (!isNode(node) || covered.has(node)) return;
  covered.add(node);
  visit(node, {
    Alias: (_key, alias) => cover(alias.resolve(document), document, covered),
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** In order, those inside others left out. */
function joined(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if ((kept.at(-1)?.to ?? -1) < span.to) kept.push(span);
  }
  return kept;
}
