import type { Json, JsonObject } from '#jobs/json.ts';
import { short } from '../../../components/visible.ts';

/** What was read out of a command's output, ready to be a table. */
export interface ParsedTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that are left out. */
  readonly more: number;
}

const MOST_ROWS = 100;
const MOST_COLUMNS = 50;
const WIDEST = 300;
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The table of a list of objects, columns in the order in which they first appear; null for any other value, and for one that is too wide. */
export const tableOf = (parsed: Json): ParsedTable | null => {
  if (!Array.isArray(parsed) || parsed.length === 0) return null;
  const all = parsed.filter(isObject);
  if (all.length !== parsed.length) return null;
  const shown = all.slice(0, MOST_ROWS);
  const columns = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  if (columns.length > MOST_COLUMNS) return null;
  const rows = shown.map((row) => columns.map((column) => short(cellText(row[column]), WIDEST)));
  return { columns: columns.map((column) => short(column, WIDEST)), rows, more: all.length - shown.length };
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
