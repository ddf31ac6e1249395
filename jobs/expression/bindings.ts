import type { Json, JsonObject } from '#jobs/json.ts';
import { meter } from './budget.ts';
import { childrenOf, type Node, pathOf } from './tree.ts';
import { fromJson, type Value } from './value.ts';
import { VARIABLES, type Variables } from './variables.ts';

/** Which parts of the variables an expression reads: only those are brought in, so that an evaluation costs what it uses. */
export interface Reads {
  /** True when the value itself is used, with all that is in it. */
  readonly whole: boolean;
  readonly parts: ReadonlyMap<string, Reads>;
}

interface Growing {
  whole: boolean;
  readonly parts: Map<string, Growing>;
}

/** What a tree reads, by its written-out selects. */
export function readsOf(root: Node): Reads {
  const reads: Growing = { whole: false, parts: new Map() };
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const path = pathOf(node);
    if (path === null) open.push(...childrenOf(node));
    else if ((VARIABLES as readonly string[]).includes(path[0] ?? '')) grow(reads, path).whole = true;
  }
  return reads;
}

function grow(reads: Growing, path: readonly string[]): Growing {
  let place = reads;
  for (const key of path) {
    const known = place.parts.get(key) ?? { whole: false, parts: new Map() };
    place.parts.set(key, known);
    place = known;
  }
  return place;
}

/** The values an expression reads; a variable that is not set, or a key that is missing, stays missing. */
export const valuesFor = (reads: Reads, variables: Variables): ReadonlyMap<string, Value> => partly(reads, variables as JsonObject);

function partly({ parts }: Reads, object: JsonObject): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [key, reads] of parts) {
    meter.spend(1);
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    if (value !== undefined) values.set(key, reads.whole || !isObject(value) ? fromJson(value) : partly(reads, value));
  }
  return values;
}

const isObject = (json: Json): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json);
