import type { PartState, SkipReason, StepState } from './apply-event.ts';
import type { StepError } from './failure.ts';
import type { JsonObject } from './json.ts';
import { partOf } from './parts.ts';
import type { StepStatus } from './run-state.ts';

/** What the rows of a run that has ended say of a step or a part of one, as far as a re-run asks. */
export interface EarlierStep {
  readonly key: string;
  /** The step that this one is a part of. */
  readonly parent_key: string | null;
  readonly status: StepStatus;
  readonly skip_reason: SkipReason | null;
  readonly error: StepError | null;
  /** A list for a step in parts, null when that is too large for a row. */
  readonly outputs: JsonObject | readonly JsonObject[] | null;
  readonly target: string | null;
  /** The targets of a step in parts. */
  readonly targets: readonly string[] | null;
  /** The number of the run that it happened in. */
  readonly number: number;
}

/** Where the steps of a run stood, by their ids: as plain JSON that another run can begin with. A step whose end is not known is left out. */
export function earlierStates(rows: readonly EarlierStep[]): { readonly [id: string]: StepState } {
  const parts = Map.groupBy(
    rows.filter(({ parent_key }) => parent_key !== null),
    ({ parent_key }) => parent_key,
  );
  const wholes = rows.filter(({ parent_key }) => parent_key === null);
  return Object.fromEntries(
    wholes.flatMap((row) => {
      const state = row.targets ? wholeState(row, row.targets, parts.get(row.key) ?? []) : stateOf(row);
      return state ? [[row.key, state] as const] : [];
    }),
  );
}

function wholeState(row: EarlierStep, targets: readonly string[], parts: readonly EarlierStep[]): StepState | null {
  // What the parts hand on stands in their own rows.
  const state = stateOf({ ...row, outputs: {} });
  const states = new Map(parts.flatMap((part) => [[partOf(part.key)?.n, stateOf(part)] as const]));
  const all = targets.map((target, n): PartState => {
    const one = states.get(n);
    return { target, ...(one && { state: one }) };
  });
  const isWhole = state?.status !== 'completed' || all.every((part) => part.state?.status === 'completed');
  return state && isWhole ? { ...state, parts: all } : null;
}

function stateOf({ status, skip_reason, error, outputs, number }: EarlierStep): StepState | null {
  switch (status) {
    case 'completed':
      return outputs === null || isList(outputs) ? null : { status, outputs, keptFrom: number };
    case 'skipped':
      return { status, reason: skip_reason ?? 'upstream_failed', ...(isObject(outputs) && { outputs }), keptFrom: number };
    case 'failed':
    case 'timed_out':
    case 'lost':
    case 'cancelled':
      return { status, error: error ?? { type: 'internal', message: 'its error was not recorded' }, tolerated: false };
    default:
      return null;
  }
}

const isList = (outputs: EarlierStep['outputs']): outputs is readonly JsonObject[] => Array.isArray(outputs);
const isObject = (outputs: EarlierStep['outputs']): outputs is JsonObject => outputs !== null && !isList(outputs);
