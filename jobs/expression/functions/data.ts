import { meter } from '../budget.ts';
import { sha256 } from '../sha256.ts';
import { fromJson, toJson, type Value } from '../value.ts';
import type { FunctionTable } from './table.ts';

/** Functions on lists, objects and their text form. */
export const DATA_FUNCTIONS: FunctionTable = {
  'size(list): int': (list: readonly Value[]) => BigInt(list.length),
  'list.size(): int': (list: readonly Value[]) => BigInt(list.length),
  'size(map): int': (map: ReadonlyMap<string, Value>) => BigInt(map.size),
  'map.size(): int': (map: ReadonlyMap<string, Value>) => BigInt(map.size),
  'json(dyn): string': (value: Value) => JSON.stringify(toJson(value)),
  'fromJson(string): dyn': (text: string) => fromJson(parse(text)),
  'sha256(string): string': (text: string) => {
    meter.spend(text.length >> 2);
    return sha256(text);
  },
};

function parse(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${JSON.stringify(text.slice(0, 60))} is not JSON`);
  }
}
