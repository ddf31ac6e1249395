import type { Json } from '#jobs/json.ts';

/** Where a scalar is to stand: in JSON, inside brackets, or by itself on a line. */
export type Setting = 'json' | 'flow' | 'block';
/** How the text that it replaces was quoted. */
export type Quotes = 'single' | 'double' | 'none';

/** A scalar on one line as YAML reads it back: plain where that is safe, quoted as its predecessor was otherwise. */
export function writeScalar(value: Exclude<Json, object> | null, setting: Setting, quotes: Quotes = 'none'): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (setting === 'json' || quotes === 'double' || needsEscapes(value)) return doubleQuoted(value);
  if (quotes === 'none' && isPlain(value, setting)) return value;
  return `'${value.replaceAll("'", "''")}'`;
}

/** What only escapes can say: line breaks and what is not printable. */
const needsEscapes = (text: string): boolean => UNPRINTABLE.test(text) || /[\n\r\t]/.test(text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** Text that a literal block keeps as it is. */
export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text) && !/[\r]/.test(text);

const doubleQuoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Words that the core schema takes for something else than text. */
const OTHER =
  /^(~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|---|\.\.\.|<<|=)$/;

const isPlain = (text: string, setting: Setting): boolean =>
  text !== '' &&
  !OTHER.test(text) &&
  !/^[\s!&*|>%@`"'#,[\]{}]|^[-?:](\s|$)|:(\s|$)|\s#|\s$|^(---|\.\.\.)(\s|$)/.test(text) &&
  (setting === 'block' || !/[,[\]{}]|^[-?:]/.test(text));
