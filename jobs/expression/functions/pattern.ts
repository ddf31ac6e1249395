import { RE2JS } from '@bufbuild/re2';
import { EXPRESSION_LIMITS, meter } from '../budget.ts';
import type { FunctionTable } from './table.ts';

/** Regular expressions by RE2, whose time grows with the text alone: JavaScript's own engine can be stopped by nobody. */
export const PATTERN_FUNCTIONS: FunctionTable = {
  'string.matches(string): bool': matches,
  'matches(string, string): bool': matches,
};

interface Pattern {
  readonly regex: RE2JS;
  /** Instructions it compiled to: what each character of a text may cost. */
  readonly size: number;
}

const compiled = new Map<string, Pattern>();
const KEPT = 100;

function matches(text: string, source: string): boolean {
  const { regex, size } = compilePattern(source);
  meter.spend((size >> 1) + Math.ceil((size * text.length) / 2048));
  return regex.test(text);
}

/** Compiles a pattern or says what is wrong with it. */
export function compilePattern(source: string): Pattern {
  if (source.length > EXPRESSION_LIMITS.pattern)
    throw new Error(`a pattern of ${source.length} characters is over the limit of ${EXPRESSION_LIMITS.pattern}`);
  const known = compiled.get(source);
  if (known) return known;
  const pattern = read(source);
  if (compiled.size >= KEPT) compiled.clear();
  compiled.set(source, pattern);
  return pattern;
}

function read(source: string): Pattern {
  try {
    const regex = new RE2JS(source);
    return { regex, size: regex.re2().prog.numInst() };
  } catch (error) {
    throw new Error(`${JSON.stringify(source)} is not a pattern RE2 knows: ${error instanceof Error ? error.message : error}`);
  }
}
