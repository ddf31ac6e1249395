import { guardCell, quoteCell } from '#jobs/csv-cell.ts';
import type { Json } from '#jobs/json.ts';

type Rows = AsyncIterable<readonly (readonly Json[])[]>;

/** A file of rows: its type and name, and its bytes as they come. */
interface ExportFormat {
  readonly type: string;
  readonly file: string;
  readonly write: (columns: readonly string[], rows: Rows) => AsyncGenerator<Uint8Array>;
}

const utf8 = new TextEncoder();

const cellOf = (value: Json): string => {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
const lineOf = (cells: readonly string[]): string => `${cells.map((cell) => quoteCell(guardCell(cell))).join(',')}\r\n`;

/** How rows are written out: for a spreadsheet, which takes no cell for a formula, or as a list of objects. */
export const RUN_EXPORTS = {
  csv: {
    type: 'text/csv; charset=utf-8',
    file: 'runs.csv',
    async *write(columns, rows) {
      yield utf8.encode(lineOf(columns));
      for await (const page of rows) yield utf8.encode(page.map((row) => lineOf(row.map(cellOf))).join(''));
    },
  },
  json: {
    type: 'application/json',
    file: 'runs.json',
    async *write(columns, rows) {
      let before = '[\n';
      for await (const page of rows) {
        const objects = page.map((row) => JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null]))));
        if (objects.length === 0) continue;
        yield utf8.encode(before + objects.join(',\n'));
        before = ',\n';
      }
      yield utf8.encode(before === '[\n' ? '[]\n' : '\n]\n');
    },
  },
} as const satisfies { readonly [format: string]: ExportFormat };
