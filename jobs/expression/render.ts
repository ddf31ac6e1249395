import { StepFailure } from '#jobs/failure.ts';
import { bytesAsJson, type Json } from '#jobs/json.ts';
import { placeOf, pointerTo } from '../problem.ts';
import { evaluate } from './evaluate.ts';
import { ExpressionError, hasExpression, type Part, partsOf } from './scan.ts';
import type { Variables } from './variables.ts';

/** Where the rendered value stands and which of its texts are code. */
export interface Rendering {
  /** How messages name the value as a whole, e.g. `steps.show.config`. */
  readonly place?: string;
  /** Pointers of `x-code` texts in it (`codeFields`): what an expression puts there is checked once more. */
  readonly code?: readonly string[];
}

/** What may stand inside code: nothing a shell, SQL or PowerShell could read as more than one word. */
export const SAFE_IN_CODE = /^[A-Za-z0-9_./:-]*$/;

/** Bytes that all values which expressions give in one rendering may have together, as JSON: a worker is asked in one message, of 2 MB at most. */
const LARGEST = 1024 * 1024;

/**
 * Fills in the templates of any JSON: a text that is exactly one `${{ … }}` becomes its value, type and all; in other texts each
 * expression is written out. Throws `StepFailure('invalid_input')` naming the place.
 */
export function render(value: Json, variables: Variables, { place = '', code = [] }: Rendering = {}): Json {
  let bytes = 0;
  const fill = (text: string, pointer: string): Json => {
    const field = [place, placeOf(pointer)].filter((name) => name !== '').join('.') || 'value';
    const filled = fillText(text, variables, field, code.includes(pointer));
    bytes += bytesAsJson(filled);
    if (bytes > LARGEST) throw new StepFailure('invalid_input', `${field}: the rendered values have over ${LARGEST} bytes together`);
    return filled;
  };
  return mapTexts(value, '', (text, pointer) => (hasExpression(text) ? fill(text, pointer) : text));
}

function mapTexts(value: Json, pointer: string, change: (text: string, pointer: string) => Json): Json {
  if (typeof value === 'string') return change(value, pointer);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json, at) => mapTexts(item, pointerTo(pointer, at), change));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, pointerTo(pointer, key), change)]));
}

function fillText(text: string, variables: Variables, field: string, isCode: boolean): Json {
  const parts = read(text, field);
  const [first] = parts;
  const values = parts.map((part) => {
    if ('text' in part) return part.text;
    const value = evaluate(part.source, variables, field);
    if (isCode && !isSafeInCode(value)) {
      throw new StepFailure(
        'invalid_input',
        `${field}: ${show(value)} from \${{ ${part.source} }} may not stand in code; bind it as environment`,
        { field },
      );
    }
    return value;
  });
  if (first && 'source' in first && values.length === 1) return values[0] ?? null;
  return values.map((value, at) => written(value, field, parts[at] as Part)).join('');
}

const isSafeInCode = (value: Json): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && SAFE_IN_CODE.test(value) && !/[\r\n\0]/.test(value));

const show = (value: Json): string => JSON.stringify(value).slice(0, 80);

function read(text: string, field: string): readonly Part[] {
  try {
    return partsOf(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new StepFailure('invalid_input', `${field}: ${error.message} (column ${error.at + 1}); ${error.hint}`, {
      field,
      column: error.at + 1,
    });
  }
}

/** A value inside a text: scalars as they are, lists and objects as JSON; a null has no text and asks for a decision. */
function written(value: Json, field: string, part: Part): string {
  if (typeof value === 'string') return value;
  if (value === null && 'source' in part) {
    throw new StepFailure(
      'invalid_input',
      `${field}: \${{ ${part.source} }} is null, which has no text; write \${{ default(${part.source}, "") }}`,
      { field },
    );
  }
  return JSON.stringify(value);
}
