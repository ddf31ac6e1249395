import type { OneState, PartState, SkipReason, StepState } from './apply-event.ts';
import type { StepError } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
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
  /** The targets of a step that was carried out on several. */
  readonly targets: readonly string[] | null;
  /** What a part is about that has an item or a combination, cut short where it is long. */
  readonly item: Json;
  /** How many parts a step was taken apart into. */
  readonly parts: number | null;
  /** The number of the run that it happened in. */
  readonly number: number;
}

/** What a person reads beside a result that an earlier run had; null beside any other. */
export const keptWords = (state: OneState): string | null =>
  state.status === 'completed' && state.keptFrom !== undefined ? `kept from run #${state.keptFrom}` : null;

/** Where the steps of a run stood, by their ids: as plain JSON that another run can begin with. A step whose end is not known is left out. */
export function earlierStates(rows: readonly EarlierStep[]): { readonly [id: string]: StepState } {
  const parts = Map.groupBy(
    rows.filter(({ parent_key }) => parent_key !== null),
    ({ parent_key }) => parent_key,
  );
  const wholes = rows.filter(({ parent_key }) => parent_key === null);
  return Object.fromEntries(
    wholes.flatMap((row) => {
      const count = row.parts ?? row.targets?.length ?? null;
      const state = count === null ? stateOf(row) : wholeState(row, count, parts.get(row.key) ?? []);
      return state ? [[row.key, state] as const] : [];
    }),
  );
}

function wholeState(row: EarlierStep, count: number, parts: readonly EarlierStep[]): StepState | null {
  // What the parts hand on stands in their own rows.
  const state = stateOf({ ...row, outputs: {} });
  const rows = new Map(parts.map((part) => [partOf(part.key)?.n, part]));
  const all = Array.from({ length: count }, (_, n) => partState(rows.get(n), row.targets?.[n]));
  return state && { ...state, parts: all };
}

function partState(row: EarlierStep | undefined, target: string | undefined): PartState {
  const state = row && stateOf(row);
  const item = row?.item ?? null;
  return { ...(target !== undefined && { target }), ...(item !== null && { item }), ...(state && { state }) };
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
