import type { Json, JsonObject } from '#jobs/json.ts';

/** A column of an output that is a table. */
export interface TypedColumn {
  readonly name: string;
  /** What its cells are, when all that are there are alike. */
  readonly type: 'number' | 'yes_no' | 'text' | 'mixed';
}

/** A list of alike objects as a table. */
export interface TypedTable {
  readonly columns: readonly TypedColumn[];
  readonly rows: readonly JsonObject[];
}

const MOST_COLUMNS = 30;
/** Rows that say which columns there are. */
const LOOKED_AT = 500;

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (values: readonly Json[]): TypedColumn['type'] => {
  if (values.every((value) => typeof value === 'number')) return 'number';
  if (values.every((value) => typeof value === 'boolean')) return 'yes_no';
  return values.every((value) => typeof value === 'string') ? 'text' : 'mixed';
};

/** A list of objects as a table, columns in the order in which they first appear; null for any other value, and for objects that have too many fields for one. */
export const typedTable = (value: Json): TypedTable | null => {
  if (!Array.isArray(value) || value.length === 0) return null;
  const rows = value as readonly Json[];
  if (!rows.every(isObject)) return null;
  const looked = rows.slice(0, LOOKED_AT);
  const names = [...new Set(looked.flatMap((row) => Object.keys(row)))];
  if (names.length === 0 || names.length > MOST_COLUMNS) return null;
  const columns = names.map((name) => ({
    name,
    type: typeOf(looked.flatMap((row) => (row[name] === undefined || row[name] === null ? [] : [row[name] as Json]))),
  }));
  return { columns, rows };
};

/** A cell as text; what is made of others as JSON. */
export const cellText = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return value.toLocaleString(undefined, { maximumFractionDigits: 20 });
  return typeof value === 'string' ? value : JSON.stringify(value);
};
