import { Environment } from '@marcbachmann/cel-js';
import { meter } from './budget.ts';
import { registerDefault } from './default.ts';
import { DATA_FUNCTIONS } from './functions/data.ts';
import { NUMBER_FUNCTIONS, NUMBER_OPERATORS } from './functions/number.ts';
import { PATTERN_FUNCTIONS } from './functions/pattern.ts';
import type { FunctionTable } from './functions/table.ts';
import { TEXT_FUNCTIONS } from './functions/text.ts';
import { TIME_FUNCTIONS, TIME_OPERATORS } from './functions/time.ts';
import { Instant, Span } from './time.ts';

const FUNCTIONS: FunctionTable = { ...TEXT_FUNCTIONS, ...PATTERN_FUNCTIONS, ...NUMBER_FUNCTIONS, ...TIME_FUNCTIONS, ...DATA_FUNCTIONS };

/**
 * Every call is renamed to this prefix before it is checked, so that only the functions of this folder can be reached:
 * the library's own cannot be overridden, and some read the zone, the locale or JavaScript's regular expressions.
 */
export const OWN = 'f_';

/** `string.contains(string): bool` → `contains`. */
const nameOf = (signature: string): string => /(\w+)\(/.exec(signature)?.[1] ?? signature;

/** The functions and methods an expression may call, macros apart. */
export const FUNCTION_NAMES: readonly string[] = [...new Set(Object.keys(FUNCTIONS).map(nameOf))];

/**
 * The language without variables; `clone()` it to declare some. Every handler is a closure of its own: the library keeps notes on
 * them, and what a module exports is frozen when workflows share it.
 */
export const LANGUAGE = language();

function language(): Environment {
  const env = new Environment({ homogeneousAggregateLiterals: false, limits: { maxDepth: 80 } });
  env.registerType('timestamp', { ctor: Instant, fields: {} });
  env.registerType('duration', { ctor: Span, fields: {} });
  for (const [signature, work] of Object.entries({ ...NUMBER_OPERATORS, ...TIME_OPERATORS })) {
    env.registerOperator(signature, (left, right) => (work as (left: unknown, right: unknown) => unknown)(left, right));
  }
  for (const [signature, work] of Object.entries(FUNCTIONS)) {
    env.registerFunction(ownSignature(signature), metered(work), { async: false } as object);
  }
  registerDefault(env);
  return env;
}

/** A signature under the name its calls are renamed to. */
function ownSignature(signature: string): string {
  return signature.replace(/(\w+)\(/, `${OWN}$1(`);
}

/** Charges a function for the size of what it is given. */
function metered(work: (...values: never[]) => unknown): (...values: never[]) => unknown {
  return (...values) => {
    for (const value of values as readonly unknown[]) {
      if (typeof value === 'string') meter.spend(value.length >> 8);
      else if (Array.isArray(value)) meter.spend(value.length >> 4);
    }
    return work(...values);
  };
}
