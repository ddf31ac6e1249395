import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Json } from './json.ts';
import { pointerTo, shown } from './problem.ts';
import type { Refusal } from './yaml-tokens.ts';

/** What reading a document collects on its way: values by anchor, what each alias stood for, and everything refused. */
export interface Reading {
  readonly anchors: Map<string, { readonly node: ParsedNode; readonly value: Json }>;
  readonly aliases: Map<Alias.Parsed, ParsedNode>;
  /** Anchors whose value is still being read. */
  readonly open: Set<string>;
  readonly refusals: Refusal[];
}

/** A node as JSON. Aliases share the value they name, so that reading stays linear; what JSON cannot hold exactly is refused. */
export function readNode(node: ParsedNode | null, pointer: string, reading: Reading): Json {
  if (node === null) return null;
  if (isAlias(node)) return readAlias(node as Alias.Parsed, pointer, reading);
  const anchor = 'anchor' in node ? node.anchor : undefined;
  if (anchor) reading.open.add(anchor);
  const value = isMap(node)
    ? readMap(node, pointer, reading)
    : isSeq(node)
      ? readItems(node.items, pointer, reading)
      : readScalar(node, pointer, reading);
  if (anchor) {
    reading.open.delete(anchor);
    reading.anchors.set(anchor, { node, value });
  }
  return value;
}

function refuse(reading: Reading, node: ParsedNode, pointer: string, says: string): null {
  reading.refusals.push({ offset: node.range[0], pointer, says });
  return null;
}

function readAlias(node: Alias.Parsed, pointer: string, reading: Reading): Json {
  if (reading.open.has(node.source)) return refuse(reading, node, pointer, `the alias *${node.source} stands inside the value it names`);
  const named = reading.anchors.get(node.source);
  if (!named) return refuse(reading, node, pointer, `no anchor &${node.source} stands before this alias`);
  reading.aliases.set(node, named.node);
  return named.value;
}

const readItems = (items: readonly unknown[], pointer: string, reading: Reading): Json =>
  items.map((item, at) => readNode(item as ParsedNode | null, pointerTo(pointer, at), reading));

function readMap(map: YAMLMap.Parsed, pointer: string, reading: Reading): Json {
  const fields = new Map<string, Json>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const at = pointerTo(pointer, name);
    if (!isScalar(key)) refuse(reading, key ?? map, pointer, 'a key must be text');
    else if (fields.has(name)) refuse(reading, key, at, `the key ${shown(name)} stands twice`);
    else if (name === '<<' && key.type === 'PLAIN') refuse(reading, key, at, 'merge keys (<<) are not YAML 1.2; write the fields out');
    fields.set(name, readNode(value, at, reading));
  }
  return Object.fromEntries(fields);
}

function readScalar(node: Scalar.Parsed, pointer: string, reading: Reading): Json {
  const { value } = node;
  if (typeof value === 'bigint') return readInteger(node, value, pointer, reading);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value + 0 : refuse(reading, node, pointer, `${node.source} is no number that JSON can hold`);
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  return refuse(reading, node, pointer, `${shown(node.source)} is no value that JSON can hold`);
}

function readInteger(node: Scalar.Parsed, value: bigint, pointer: string, reading: Reading): Json {
  const largest = Number.MAX_SAFE_INTEGER;
  if (value > largest || value < -largest) {
    return refuse(
      reading,
      node,
      pointer,
      `${node.source.slice(0, 40)} is beyond ±${largest}, where integers stop being exact; write it in quotes`,
    );
  }
  if (/^[-+]?0\d/.test(node.source)) {
    return refuse(
      reading,
      node,
      pointer,
      `${node.source} would be read as ${value}; write ${value}, or "${node.source}" in quotes for text`,
    );
  }
  return Number(value);
}

/** What an alias stood for; any other node itself. */
export const resolveAlias = (node: ParsedNode | null, reading: Reading): ParsedNode | null =>
  node !== null && isAlias(node) ? (reading.aliases.get(node as Alias.Parsed) ?? null) : node;

type Pair = YAMLMap.Parsed['items'][number];

/** Each map's entries by their keys, once it was asked for one: one by one they are found in quadratic time. */
const entriesByKey = new WeakMap<YAMLMap.Parsed, ReadonlyMap<string, Pair>>();

function pairOf(map: YAMLMap.Parsed, key: string): Pair | undefined {
  const known =
    entriesByKey.get(map) ??
    new Map([...map.items].reverse().flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])));
  entriesByKey.set(map, known);
  return known.get(key);
}

/** A child by its key or index, with the offset a reader should look at: its value, or its key where the value begins on a later line. */
export function entryOf(node: ParsedNode | null, key: string): { readonly value: ParsedNode | null; readonly offset: number } | null {
  if (isSeq(node)) {
    const value = node.items[Number(key)];
    return value && /^\d+$/.test(key) ? { value: value as ParsedNode, offset: (value as ParsedNode).range[0] } : null;
  }
  if (!isMap(node)) return null;
  const pair = pairOf(node as YAMLMap.Parsed, key);
  if (!pair) return null;
  const isBlock = (isMap(pair.value) || isSeq(pair.value)) && pair.value.flow !== true;
  const shownNode = isBlock || pair.value === null ? pair.key : pair.value;
  return { value: pair.value, offset: shownNode.range[0] };
}

/** The pointer of the innermost value whose text covers an offset. */
export function pointerAt(node: ParsedNode | null, offset: number, pointer = ''): string {
  const covers = (part: ParsedNode | null): boolean =>
    part !== null && part.range[0] <= offset && offset < Math.max(part.range[2], part.range[0] + 1);
  if (isSeq(node)) {
    const at = node.items.findIndex((item) => covers(item as ParsedNode | null));
    return at === -1 ? pointer : pointerAt(node.items[at] as ParsedNode, offset, pointerTo(pointer, at));
  }
  if (!isMap(node)) return pointer;
  const pair = (node as YAMLMap.Parsed).items.find((item) => covers(item.key) || covers(item.value));
  return pair && isScalar(pair.key) ? pointerAt(pair.value, offset, pointerTo(pointer, String(pair.key.value))) : pointer;
}
