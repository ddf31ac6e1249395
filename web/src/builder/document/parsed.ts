import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, parseDocument, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Json } from '#jobs/json.ts';

/** Keys and indexes from the root to a value. */
export type Path = readonly (string | number)[];

/** A text as its nodes, each of which knows where it stands. */
export interface Parsed {
  readonly text: string;
  readonly root: ParsedNode | null;
  readonly eol: '\n' | '\r\n';
  /** JSON takes neither plain words nor comments. */
  readonly isJson: boolean;
}

/** An edit that cannot be made without changing more than was asked, said in a sentence. */
export class CannotEdit extends Error {
  override readonly name = 'CannotEdit';
}

/** Reads a text for editing; throws CannotEdit when YAML does not understand it. */
export function parseText(text: string): Parsed {
  const isJson = /^\s*[{[]/.test(text) && isJsonText(text);
  // Places stay the same: JSON may be indented by tabs, YAML may not.
  const document = parseDocument(isJson ? text.replaceAll('\t', ' ') : text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    keepSourceTokens: true,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  if (document.errors.length > 0) throw new CannotEdit('The text has an error of form; mend it there first.');
  return { text, root: document.contents, eol: /\r\n/.test(text) ? '\r\n' : '\n', isJson };
}

const isJsonText = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** The node at a path, null where a value is empty, undefined where there is none. Throws CannotEdit where the way leads through an alias. */
export function nodeAt({ root }: Parsed, path: Path): ParsedNode | null | undefined {
  let node: ParsedNode | null | undefined = root;
  for (const key of path) {
    if (isAlias(node)) throw throughAlias(node.source);
    if (isSeq(node)) node = node.items[Number(key)] as ParsedNode | undefined;
    else if (isMap(node)) {
      const pair: Pair | undefined = pairOf(node, String(key));
      node = pair && (pair.value as ParsedNode | null);
    } else return undefined;
  }
  return node;
}

/** Why what stands in an alias cannot be changed by itself. */
export const throughAlias = (name: string) =>
  new CannotEdit(`This stands for what the anchor &${name} names; change it there, or write it out.`);

/** The pair of a key in a map. */
export const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);

/** A list or map. */
export type Collection = YAMLSeq.Parsed | YAMLMap.Parsed;

/** Whether a node is a list or map that is written at all. */
export const isCollection = (node: ParsedNode | null | undefined): node is Collection => isSeq(node) || isMap(node);

/** What a text says with its aliases left as such, to compare texts by; throws CannotEdit for an alias without an anchor before it. */
export function rawValue(parsed: Parsed): Json {
  const anchors = new Set<string>();
  const read = (node: ParsedNode | null): Json => {
    if (node === null) return null;
    if (isAlias(node)) {
      if (!anchors.has(node.source)) throw new CannotEdit(`The alias *${node.source} would stand before the anchor that it names.`);
      return { '*': node.source };
    }
    const value = isMap(node)
      ? Object.fromEntries(node.items.map(({ key, value }) => [keyText(key), read(value)]))
      : isSeq(node)
        ? node.items.map((item) => read(item as ParsedNode | null))
        : scalarValue(node as Scalar.Parsed);
    if ('anchor' in node && node.anchor) anchors.add(node.anchor);
    return value;
  };
  return read(parsed.root);
}

const keyText = (key: unknown): string => (isScalar(key) ? String(key.value) : '?');

const scalarValue = ({ value, source }: Scalar.Parsed): Json =>
  typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' || value === null ? (value as Json) : source;
