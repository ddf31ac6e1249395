import type { Environment } from '@marcbachmann/cel-js';
import { StepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import { type Reads, readsOf, valuesFor } from './bindings.ts';
import { EXPRESSION_LIMITS, grouped, meter } from './budget.ts';
import { LANGUAGE } from './environment.ts';
import { instrument } from './instrument.ts';
import { expressionError, type Parsed, parseExpression } from './parse.ts';
import { ExpressionError } from './scan.ts';
import { toJson, type Value } from './value.ts';
import { VARIABLES, type Variables } from './variables.ts';

/**
 * The value of an expression (CEL without `${{ }}`). Bounded in time, the same wherever and whenever it is evaluated.
 * Throws `StepFailure('invalid_input')` naming the field, the column and the source for whatever goes wrong.
 */
export function evaluate(source: string, variables: Variables, field = 'expression'): Json {
  const spentBefore = spentOn.get(variables) ?? 0;
  meter.start(EXPRESSION_LIMITS.calls);
  try {
    if (spentBefore > EXPRESSION_LIMITS.callsTogether)
      throw new ExpressionError(`the expressions together take more than ${grouped(EXPRESSION_LIMITS.callsTogether)} calls`);
    const program = programOf(source.trim());
    const value = program.run(valuesFor(program.reads, variables)) as Value;
    const json = toJson(value);
    if (meter.isSpent) meter.spend(0);
    return json;
  } catch (thrown) {
    throw failure(field, source, thrown);
  } finally {
    spentOn.set(variables, spentBefore + meter.spent);
  }
}

/** Which parts of the variables a source reads; null for one that cannot be read. */
export function readsIn(source: string): Reads | null {
  try {
    return programOf(source.trim()).reads;
  } catch (thrown) {
    if (thrown instanceof ExpressionError || thrown instanceof RangeError) return null;
    throw thrown;
  }
}

/** What expressions over the same variables have cost so far: a definition full of costly ones must not hold a workflow. */
const spentOn = new WeakMap<Variables, number>();

interface Program extends Parsed {
  readonly reads: Reads;
}

const programs = new Map<string, Program>();
const KEPT = 2000;

/** Parsed and instrumented once, kept while there is room. */
function programOf(source: string): Program {
  const known = programs.get(source);
  if (known) return known;
  const parsed = parseExpression(source, untyped());
  instrument(parsed.root);
  const program = { ...parsed, reads: readsOf(parsed.root) };
  if (programs.size >= KEPT) programs.clear();
  programs.set(source, program);
  return program;
}

let environment: Environment | undefined;

/** At run time types are those of the values; what they should be was checked when the job was saved. */
function untyped(): Environment {
  if (!environment) {
    environment = LANGUAGE.clone();
    for (const name of VARIABLES) environment.registerVariable(name, 'dyn');
  }
  return environment;
}

function failure(field: string, source: string, thrown: unknown): StepFailure {
  const error = thrown instanceof RangeError ? new ExpressionError('it nests too deep') : expressionError(thrown, source);
  const hint = error.hint === undefined ? '' : `; ${error.hint}`;
  const shown = source.length <= 200 ? source.trim() : `${source.trim().slice(0, 199)}…`;
  const column = error.at + 1;
  return new StepFailure('invalid_input', `${field}: ${error.message} (column ${column} of \${{ ${shown} }})${hint}`, {
    field,
    column,
    expression: shown,
  });
}
