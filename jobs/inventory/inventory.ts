import type { Json, JsonObject } from '../json.ts';

/** One target of an inventory; of its fields only those that the text names. */
export interface InventoryEntry {
  readonly name: string;
  readonly line: number;
  readonly fields: JsonObject;
}

/** What of an inventory cannot be taken over, and where; `name` when it is about one target. */
export interface InventoryProblem {
  readonly line: number;
  readonly name: string | null;
  readonly message: string;
}

/** A text as targets. */
export interface Inventory {
  readonly entries: readonly InventoryEntry[];
  readonly problems: readonly InventoryProblem[];
}

/** A target as inventories carry it: all that can be set, and never a secret. */
export type InventoryTarget = { readonly name: string } & JsonObject;

/** What the fields of a target are in a table, and what an empty cell stands for. */
export const INVENTORY_FIELDS = {
  kind: { type: 'text', empty: 'ssh' },
  description: { type: 'text', empty: null },
  host: { type: 'text', empty: null },
  port: { type: 'number', empty: null },
  username: { type: 'text', empty: null },
  credential: { type: 'text', empty: null },
  device_type: { type: 'text', empty: null },
  tags: { type: 'list', empty: [] },
  attributes: { type: 'json', empty: {} },
  timezone: { type: 'text', empty: null },
  timeout_seconds: { type: 'number', empty: null },
  jump: { type: 'text', empty: null },
  remote_dir: { type: 'text', empty: null },
  host_key_policy: { type: 'text', empty: 'strict' },
  host_keys: { type: 'json', empty: [] },
  legacy_algorithms: { type: 'boolean', empty: false },
  maintenance: { type: 'list', empty: [] },
  enabled: { type: 'boolean', empty: true },
} as const satisfies { readonly [field: string]: { readonly type: string; readonly empty: Json } };
export type InventoryField = keyof typeof INVENTORY_FIELDS;

export const INVENTORY_FIELD_NAMES = Object.keys(INVENTORY_FIELDS) as readonly InventoryField[];

/** Most targets that one text may hold. */
export const LARGEST_INVENTORY = 10_000;

/** The fields of a target that differ from what a new one has, in our order. */
export const toldFields = (target: InventoryTarget): readonly (readonly [InventoryField, Json])[] =>
  INVENTORY_FIELD_NAMES.flatMap((field) => {
    const value = target[field] ?? null;
    return JSON.stringify(value) === JSON.stringify(INVENTORY_FIELDS[field].empty) ? [] : [[field, value] as const];
  });

/** The field that a person's word means: `user` is `username`. */
export const fieldNamed = (word: string): string => (word === 'user' ? 'username' : word);
