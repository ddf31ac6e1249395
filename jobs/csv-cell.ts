/** A spreadsheet takes a cell that begins like this for a formula; with an apostrophe before it, for text. */
export const guardCell = (cell: string): string => (/^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

/** What stood in a cell before it was guarded. */
export const unguardCell = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

/** A cell as it stands in a line of a table (RFC 4180), in quotes where it holds what would end it. */
export const quoteCell = (cell: string): string => (/[",;\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
