import type { Json, JsonObject } from '#jobs/json.ts';

/** What was read out of a command's output, ready to be a table. */
export interface ParsedTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that are left out. */
  readonly more: number;
}

const MOST_ROWS = 100;
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The table of a list of objects, columns in the order in which they first appear; null for any other value. */
export const tableOf = (parsed: Json): ParsedTable | null => {
  if (!Array.isArray(parsed) || parsed.length === 0) return null;
  const all = parsed.filter(isObject);
  if (all.length !== parsed.length) return null;
  const shown = all.slice(0, MOST_ROWS);
  const columns = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  return { columns, rows: shown.map((row) => columns.map((column) => cellText(row[column]))), more: all.length - shown.length };
};

const cellText = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(cellText).join(', ');
  return isObject(value)
    ? Object.entries(value)
        .map(([name, one]) => `${name} ${cellText(one)}`)
        .join(' ')
    : String(value);
};
