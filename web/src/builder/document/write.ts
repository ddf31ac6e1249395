import type { Json, JsonObject } from '#jobs/json.ts';
import { isPrintable, type Quotes, type Setting, writeScalar } from './scalars.ts';

/** A value as it follows `key:` or `-`: what stands on that line, and the lines below it, each whole and indented. */
export interface Written {
  readonly inline: string;
  readonly lines: readonly string[];
}

/** Writes a value in block style for a parent whose entries begin at this column. */
export function writeBlock(value: Json, column: number, quotes: Quotes = 'none'): Written {
  if (typeof value === 'string' && value.includes('\n')) return literal(value, column) ?? inlined(writeScalar(value, 'block', quotes));
  if (typeof value !== 'object' || value === null) return inlined(writeScalar(value, 'block', quotes));
  if (isEmpty(value)) return inlined(Array.isArray(value) ? '[]' : '{}');
  return { inline: '', lines: blockLines(value, column + 2) };
}

const inlined = (inline: string): Written => ({ inline, lines: [] });
const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** The lines of a list or map that is not empty, its entries at this column. */
export const blockLines = (value: JsonObject | readonly Json[], column: number): readonly string[] =>
  Array.isArray(value)
    ? value.flatMap((item: Json) => itemLines(item, column))
    : Object.entries(value).flatMap(([key, one]) => pairLines(key, one, column));

/** The lines of one pair of a map at this column. */
export function pairLines(key: string, value: Json, column: number): readonly string[] {
  const { inline, lines } = writeBlock(value, column);
  const head = `${' '.repeat(column)}${writeScalar(key, 'block')}:`;
  return [inline === '' ? head : `${head} ${inline}`, ...lines];
}

/** The lines of one item of a list at this column; a map begins on the line of its dash. */
export function itemLines(value: Json, column: number): readonly string[] {
  const dash = `${' '.repeat(column)}-`;
  const { inline, lines } = writeBlock(value, column);
  if (inline !== '') return [`${dash} ${inline}`, ...lines];
  const [first = '', ...more] = lines;
  return [`${dash} ${first.slice(column + 2)}`, ...more];
}

/** Several lines of text as they are; null where YAML would not read them back so. */
function literal(text: string, column: number): Written | null {
  const body = text.replace(/\n+$/, '');
  const ending = text.length - body.length;
  if (body === '' || !isPrintable(text) || /^[ \n]/.test(body) || text.includes('\t\n')) return null;
  const indent = ' '.repeat(column + 2);
  const lines = body.split('\n').map((line) => (line === '' ? '' : indent + line));
  const header = ending === 0 ? '|-' : ending === 1 ? '|' : '|+';
  return { inline: header, lines: [...lines, ...Array.from({ length: Math.max(0, ending - 1) }, () => '')] };
}

/** Writes a value inside brackets, on one line, or over several when an indentation is given. */
export function writeFlow(
  value: Json,
  setting: Setting,
  quotes: Quotes = 'none',
  lines: { indent: string; step: string; eol: string } | null = null,
): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value, setting, quotes);
  const inside = lines && { ...lines, indent: lines.indent + lines.step };
  const parts = Array.isArray(value)
    ? value.map((item: Json) => writeFlow(item, setting, 'none', inside))
    : Object.entries(value).map(([key, one]) => `${writeScalar(key, setting)}: ${writeFlow(one as Json, setting, 'none', inside)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  if (inside && lines)
    return `${open}${lines.eol}${inside.indent}${parts.join(`,${lines.eol}${inside.indent}`)}${lines.eol}${lines.indent}${close}`;
  const space = open === '{' ? ' ' : '';
  return `${open}${space}${parts.join(', ')}${space}${close}`;
}
