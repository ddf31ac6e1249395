import { isSpace } from './pattern/characters.ts';

/** File, group and record separator and the next-line character: Python ends a line there too. */
const RARE_ENDS = String.fromCharCode(0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029);
const LINE_END = new RegExp(`\r\n|[\n\r\v\f${RARE_ENDS}]`);

/** The lines of a text as Python's `str.splitlines` finds them: also form feeds, separators and Unicode's own line ends end a line. */
export function splitLines(text: string): string[] {
  const lines = text.split(LINE_END);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The lines of a file opened as text, where only the three usual line ends count. */
export function fileLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Without white space at the end, by Python's idea of it. */
export function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && isSpace(line.charCodeAt(end - 1))) end--;
  return line.slice(0, end);
}

/** Without white space at both ends. */
export function trim(line: string): string {
  let start = 0;
  while (start < line.length && isSpace(line.charCodeAt(start))) start++;
  return trimEnd(line.slice(start));
}
