/** A row of a table and the line where it begins. */
export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

type Rows = { readonly rows: readonly Row[] } | { readonly problem: { readonly line: number; readonly message: string } };

/** A text of comma- or semicolon-separated cells as rows (RFC 4180); cells in quotes may hold anything, also line ends. */
export function readRows(text: string): Rows {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source);
  const rows: Row[] = [];
  let cells: string[] = [];
  let line = 1;
  let begun = 1;
  let at = 0;
  const close = () => {
    rows.push({ cells, line: begun });
    cells = [];
  };
  while (at < source.length) {
    const quoted = source[at] === '"';
    const end = quoted ? closingQuote(source, at) : nextOf(source, at, separator);
    if (end < 0) return { problem: { line: begun, message: 'a cell in quotes is never closed' } };
    const raw = quoted ? source.slice(at + 1, end).replaceAll('""', '"') : source.slice(at, end);
    cells.push(raw);
    line += raw.split('\n').length - 1;
    at = quoted ? end + 1 : end;
    if (source[at] === separator) {
      at += 1;
      if (at === source.length) cells.push('');
      continue;
    }
    const lineEnd = /^\r?\n|^\r/.exec(source.slice(at, at + 2));
    if (at < source.length && !lineEnd) return { problem: { line, message: 'text stands behind a cell in quotes' } };
    close();
    at += lineEnd?.[0].length ?? 0;
    line += 1;
    begun = line;
  }
  if (cells.length > 0) close();
  return { rows };
}

/** What separates the names in the first line. */
function separatorOf(source: string): string {
  const first = /^[^\r\n]*/.exec(source)?.[0] ?? '';
  return !first.includes(',') && first.includes(';') ? ';' : ',';
}

function closingQuote(source: string, open: number): number {
  for (let at = source.indexOf('"', open + 1); at >= 0; at = source.indexOf('"', at + 2)) if (source[at + 1] !== '"') return at;
  return -1;
}

function nextOf(source: string, from: number, separator: string): number {
  for (let at = from; at < source.length; at++) if (source[at] === separator || source[at] === '\n' || source[at] === '\r') return at;
  return source.length;
}
