import fc from 'fast-check';
import type { Json, JsonObject } from '#jobs/json.ts';

const KEYS = ['id', 'type', 'config', 'needs', 'x-own', 'a b', 'retry'] as const;
const words = fc.constantFrom(
  'x',
  'two words',
  '${{ parameters.site }}',
  'a: b',
  '# no comment',
  "it's",
  '- dash',
  '',
  'true',
  '007',
  'é✓',
  'one\ntwo\n',
  ' lead',
  'tail ',
  '{',
  'a,b',
  '\u202e\u0085',
  'x\r\ny',
  '~',
  '1e3',
  '\tt',
);
const scalar = fc.oneof(words, fc.integer({ min: -99, max: 99 }), fc.boolean(), fc.constant(null));
/** Values of every kind that a definition may hold. */
export const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar as fc.Arbitrary<Json>,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }) as fc.Arbitrary<Json>,
  ),
}));
/** Whole texts' values. */
export const root = fc.dictionary(fc.constantFrom(...KEYS), value, { minKeys: 1, maxKeys: 5 }) as fc.Arbitrary<JsonObject>;

/** Chances that a writer of YAML takes, drawn once for a whole text. */
export type Draw = (most: number) => number;

/** Writes a value as somebody might: any style, indentation, comments, blank lines. */
function written(value: Json, column: number, draw: Draw, note: () => string, first = false): string {
  const comment = () => (draw(3) === 0 ? `   ${note()}` : '');
  const lone = (indent: number) => (draw(4) === 0 ? `${' '.repeat(indent)}${note()}\n` : '');
  const above = (indent: number) => lone(indent) + (draw(6) === 0 ? `\n${lone(indent)}` : '');
  const anchor = first || draw(5) > 0 ? '' : ` &a${draw(1000)}`;
  if (typeof value !== 'object' || value === null) return `${anchor} ${scalarText(value, draw)}${comment()}\n`;
  const entries = Object.entries(value);
  if (entries.length > 0 && draw(8) === 0) return `${anchor} ${flowLines(value, column + 1 + draw(3), draw, note)}${comment()}\n`;
  if (entries.length === 0 || draw(4) === 0) return `${anchor} ${flowText(value, draw)}${comment()}\n`;
  const indent = first ? 0 : column + 1 + draw(3);
  const isList = Array.isArray(value);
  const lines = entries.map(([key, one]) => {
    const head = isList ? '-' : `${scalarText(key, () => 0)}:`;
    return `${above(indent)}${' '.repeat(indent)}${head}${written(one as Json, indent, draw, note)}`;
  });
  return (first ? '' : `${anchor}${comment()}\n`) + lines.join('');
}

const scalarText = (value: Json, draw: Draw): string => {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain = /^[a-z][a-z ]*[a-z]$|^[a-z]$/.test(value) && !['true', 'null'].includes(value);
  if (isPlain && draw(2) === 0) return value;
  return /^[ -~é✓]*$/.test(value) && draw(2) === 0 ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
};

const flowText = (value: Json, draw: Draw): string => {
  if (typeof value !== 'object' || value === null) return scalarText(value, draw);
  const space = ' '.repeat(draw(3));
  if (Array.isArray(value)) return `[${space}${value.map((one: Json) => flowText(one, draw)).join(`${space},${space}`)}${space}]`;
  const pairs = Object.entries(value).map(([key, one]) => `${scalarText(key, () => 0)}: ${flowText(one as Json, draw)}`);
  return `{${space}${pairs.join(`,${space}`)}${space}}`;
};

/** Between brackets over several lines, with comments of their own. */
const flowLines = (value: JsonObject | readonly Json[], indent: number, draw: Draw, note: () => string): string => {
  const pad = ' '.repeat(indent);
  const comment = () => (draw(2) === 0 ? ` ${note()}` : '');
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Object.entries(value).map(([key, one]) => {
    const text = flowText(one as Json, draw);
    return `${pad}${Array.isArray(value) ? text : `${scalarText(key, () => 0)}: ${text}`},${comment()}\n`;
  });
  return `${open}${comment()}\n${parts.join('')}${pad}${close}`;
};

/** Draws chances from a stream of numbers. */
export const drawFrom = (chances: Iterable<number>): Draw => {
  const next = chances[Symbol.iterator]();
  return (most) => Number(next.next().value) % most;
};

/** A text that somebody might have written to say a value: with notes in it that are all different, and line ends of its own. */
export function yamlOf(value: JsonObject, draw: Draw, crlf: boolean): string {
  let notes = 0;
  const lf = written(value, 0, draw, () => `# note ${++notes};`, true);
  return crlf ? lf.replaceAll('\n', '\r\n') : lf;
}
