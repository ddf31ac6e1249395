import { guardCell, quoteCell, unguardCell } from '../csv-cell.ts';
import type { Json } from '../json.ts';
import { didYouMean } from '../suggest.ts';
import { readRows } from './csv-rows.ts';
import {
  fieldNamed,
  INVENTORY_FIELD_NAMES,
  INVENTORY_FIELDS,
  type Inventory,
  type InventoryEntry,
  type InventoryField,
  type InventoryProblem,
  type InventoryTarget,
} from './inventory.ts';

/** Targets as a table: a column a field, tags between semicolons, attributes as JSON or in columns such as `attributes.site`; an empty cell is the default. */
export function parseCsv(text: string): Inventory {
  const rows = readRows(text);
  if ('problem' in rows) return { entries: [], problems: [{ name: null, ...rows.problem }] };
  const [header, ...body] = rows.rows;
  const columns = (header?.cells ?? []).slice(0, MOST_COLUMNS + 1).map((cell) => fieldNamed(withFieldInLowerCase(cell.trim())));
  const faults = columnFaults(columns);
  if (faults.length > 0) return { entries: [], problems: faults.map((message) => ({ line: 1, name: null, message })) };

  const problems: InventoryProblem[] = [];
  const entries = body.flatMap(({ cells, line }): InventoryEntry[] => {
    if (cells.length === 1 && cells[0] === '') return [];
    const name = cells[columns.indexOf('name')] ?? '';
    const say = (message: string) => problems.push({ line, name, message });
    if (cells.length !== columns.length) say(`has ${cells.length} cells; expected ${columns.length} as in the first line`);
    return [{ name, line, fields: readFields(columns, cells, say) }];
  });
  return { entries, problems };
}

const MOST_COLUMNS = 500;

/** Fields are known in any case; an attribute is called what it is called. */
const withFieldInLowerCase = (column: string): string => column.replace(/^[^.]*/, (field) => field.toLowerCase());

type Say = (message: string) => void;

function readFields(columns: readonly string[], cells: readonly string[], say: Say): { readonly [field: string]: Json } {
  const fields: { [field: string]: Json } = {};
  for (const [at, column] of columns.entries()) {
    if (column === 'name') continue;
    const [field = '', attribute] = column.split(/\.(.*)/s);
    const cell = unguardCell(cells[at] ?? '');
    if (attribute === undefined) fields[field] = readCell(field as InventoryField, cell, say);
    else fields.attributes = { ...(fields.attributes as object), ...(cell !== '' && { [attribute]: cell }) };
  }
  return fields;
}

function columnFaults(columns: readonly string[]): readonly string[] {
  if (columns.length > MOST_COLUMNS) return [`the first line names more than ${MOST_COLUMNS} columns`];
  const known = ['name', ...INVENTORY_FIELD_NAMES];
  const unknown = columns.filter((column) => !known.includes(column) && !/^attributes\../.test(column));
  const twice = columns.filter((column, at) => columns.indexOf(column) < at);
  return [
    ...(columns.includes('name') ? [] : ['the first line names the columns, and one of them must be name']),
    ...unknown.map((column) => `"${column}" is no column${didYouMean(column, known) || `; known are ${known.join(', ')}`}`),
    ...twice.map((column) => `the column "${column}" stands twice`),
  ];
}

function readCell(field: InventoryField, cell: string, say: Say): Json {
  const { type, empty } = INVENTORY_FIELDS[field];
  if (cell === '') return empty;
  if (type === 'boolean') {
    if (/^(true|yes|1)$/i.test(cell)) return true;
    if (/^(false|no|0)$/i.test(cell)) return false;
    say(`${field}: "${cell}" is neither true nor false`);
    return empty;
  }
  if (type === 'number') return /^\d+$/.test(cell) ? Number(cell) : cell;
  if (type === 'list' && !cell.startsWith('['))
    return cell
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  if (type === 'text') return cell;
  try {
    return JSON.parse(cell) as Json;
  } catch {
    say(`${field}: "${cell.slice(0, 80)}" is not JSON`);
    return empty;
  }
}

/** Targets as a table that a spreadsheet opens. */
export const writeCsv = (targets: readonly InventoryTarget[]): string =>
  [
    ['name', ...INVENTORY_FIELD_NAMES],
    ...targets.map((target) => [target.name, ...INVENTORY_FIELD_NAMES.map((field) => writeCell(field, target[field] ?? null))]),
  ]
    .map((cells) => `${cells.map((cell) => quoteCell(guardCell(cell))).join(',')}\r\n`)
    .join('');

function writeCell(field: InventoryField, value: Json): string {
  const { type, empty } = INVENTORY_FIELDS[field];
  if (value === null || JSON.stringify(value) === JSON.stringify(empty)) return '';
  if (type === 'list' && Array.isArray(value)) {
    const isPlain = value.every((part) => typeof part === 'string' && part !== '' && part === part.trim() && !/[;]|^\[/.test(part));
    return isPlain ? value.join(';') : JSON.stringify(value);
  }
  return type === 'json' ? JSON.stringify(value) : String(value);
}
