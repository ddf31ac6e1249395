import { stringify } from 'yaml';
import type { Json, JsonObject } from '../json.ts';
import { InvalidInput, pointerTo } from '../problem.ts';
import { readSource } from '../source.ts';
import { fieldNamed, type Inventory, type InventoryEntry, type InventoryProblem, type InventoryTarget, toldFields } from './inventory.ts';

const MAX_BYTES = 16 << 20;

/** A text of YAML or JSON with each value's line; what is not either comes back as problems. */
export function readDocument(
  text: string,
): { readonly value: Json; readonly lineOf: (pointer: string) => number } | readonly InventoryProblem[] {
  try {
    const { value, locate } = readSource(text, MAX_BYTES);
    return { value, lineOf: (pointer) => locate(pointer)?.line ?? 1 };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(({ line = 1, message }) => ({ line, name: null, message }));
  }
}

/** Targets as our own YAML or JSON has them: a list, or a list under `targets`. */
export function parseTargets(text: string): Inventory {
  const read = readDocument(text);
  if ('length' in read) return { entries: [], problems: read };
  const root = isObject(read.value) && 'targets' in read.value ? '/targets' : '';
  const list = root === '' ? read.value : (read.value as JsonObject).targets;
  if (!Array.isArray(list)) {
    return { entries: [], problems: [{ line: 1, name: null, message: 'expected a list of targets, or one under "targets"' }] };
  }
  const problems: InventoryProblem[] = [];
  const entries = list.flatMap((item: Json, at): InventoryEntry[] => {
    const line = read.lineOf(pointerTo(root, at));
    if (!isObject(item) || typeof item.name !== 'string') {
      problems.push({ line, name: null, message: 'expected a target with a name' });
      return [];
    }
    const { name, ...given } = item;
    if ('user' in given && 'username' in given) problems.push({ line, name, message: 'says both user and username; write one' });
    return [{ name, line, fields: Object.fromEntries(Object.entries(given).map(([field, value]) => [fieldNamed(field), value])) }];
  });
  return { entries, problems };
}

const documentOf = (targets: readonly InventoryTarget[]) => ({
  targets: targets.map((target) => ({ name: target.name, ...Object.fromEntries(toldFields(target)) })),
});

/** Targets as YAML, without the fields that say nothing. */
export const writeYaml = (targets: readonly InventoryTarget[]): string =>
  stringify(documentOf(targets), { aliasDuplicateObjects: false, version: '1.2', lineWidth: 0 });

/** Targets as JSON, without the fields that say nothing. */
export const writeJson = (targets: readonly InventoryTarget[]): string => `${JSON.stringify(documentOf(targets), null, 2)}\n`;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
