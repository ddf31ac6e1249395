import type { OneState, PartState, StepState } from '../apply-event.ts';
import type { StepError } from '../failure.ts';
import { bytesAsJson, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { PlannedStep } from '../plan.ts';
import { sizeOfGroup } from './part-policy.ts';
import { isFailure, type Tally, tallyOf } from './tally.ts';

/** Parts of a step that a workflow of their own carries out: which, by their places in the order of beginning, and how far they are. */
export interface Slice {
  readonly from: number;
  readonly count: number;
  /** The number of its first part. */
  readonly offset: number;
  readonly status: 'open' | 'running' | 'over';
  /** What its workflow told last; absent: nothing yet. */
  readonly told?: SliceTold;
}

export interface SliceTold {
  readonly atWork: number;
  /** Those that wait for a maintenance window; absent: none. */
  readonly shut?: number;
  readonly over: number;
  readonly completed: number;
  readonly failed: number;
  /** Numbers of the parts that wait for a person. */
  readonly waiting: readonly number[];
  /** Numbers of those that failed, the first hundred, and what kinds of failure there were. */
  readonly failedParts: readonly number[];
  readonly errors: readonly StepError['type'][];
  /** What the parts that completed hand on, in their order; null when that is too large, absent while they run. */
  readonly outputs?: readonly JsonObject[] | null;
}

/** Where the parts of a slice stand in the whole step, as the workflow of the slice knows it. */
export interface Within {
  /** The number of its first part. */
  readonly offset: number;
  readonly total: number;
  /** Parts that had failed before it began. */
  readonly failedBefore: number;
}

/** Whether the parts of a step are too many for the run's own history. What the run does about each part by itself, waiting, locking or undoing it, it does for all of them. */
export const wantsSlices = ({ kind, locks, rate, compensate }: PlannedStep, parts: number): boolean =>
  parts > LIMITS.partsInRun && kind !== 'workflow' && locks === undefined && rate === undefined && compensate === undefined;

/** The slices of so many parts; a group of a rolling change is never cut by the end of a slice that holds others too. */
export function slicesOf({ batch, order }: PlannedStep, parts: number): readonly Slice[] {
  const slices: Slice[] = [];
  const group = batch ? sizeOfGroup(batch.size, parts) : parts;
  const most = LIMITS.partsOfSlice;
  const size = group <= most ? group * Math.floor(most / group) : most;
  for (let from = 0; from < parts; ) {
    const groupEnd = group <= most ? parts : (Math.floor(from / group) + 1) * group;
    const count = Math.min(size, groupEnd - from, parts - from);
    slices.push({ from, count, offset: order === 'reverse' ? parts - from - count : from, status: 'open' });
    from += count;
  }
  return slices;
}

const NOTHING_TOLD: SliceTold = { atWork: 0, over: 0, completed: 0, failed: 0, waiting: [], failedParts: [], errors: [] };

/** How far a step in slices is, over all of them. */
export function tallyOfSlices(slices: readonly Slice[], total: number): Tally {
  const sum = { total, open: 0, atWork: 0, held: 0, shut: 0, stopping: 0, waiting: 0, over: 0, completed: 0, failed: 0 };
  for (const { told = NOTHING_TOLD } of slices) {
    sum.atWork += told.atWork;
    sum.held += told.shut ?? 0;
    sum.shut += told.shut ?? 0;
    sum.over += told.over;
    sum.completed += told.completed;
    sum.failed += told.failed;
    sum.waiting += told.waiting.length;
  }
  sum.open = total - sum.over - sum.atWork - sum.held - sum.waiting;
  return sum;
}

/** How far a step in parts is, whoever carries them out; null for a step in one piece. */
export const tallyOfStep = ({ parts, slices }: StepState): Tally | null =>
  parts === undefined ? null : slices ? tallyOfSlices(slices, parts.length) : tallyOf(parts);

/** Failed parts a slice names. */
const NAMED = 100;

/** What a slice tells of its parts; their outputs once they all are over, as far as they have no more bytes than it may hand on. */
export function toldOf({ parts = [], within }: StepState, outputBytes: number): SliceTold {
  const { atWork, over, completed, failed, held, shut } = tallyOf(parts);
  const offset = within?.offset ?? 0;
  const numbered = (wanted: (state: OneState) => boolean) => parts.flatMap(({ state }, n) => (state && wanted(state) ? [offset + n] : []));
  const isOver = over === parts.length;
  return {
    atWork: atWork + held - shut,
    ...(shut > 0 && { shut }),
    over,
    completed,
    failed,
    waiting: numbered(({ status }) => status === 'waiting'),
    failedParts: failed === 0 ? [] : numbered(({ status }) => isFailure(status)).slice(0, NAMED),
    errors: failed === 0 ? [] : errorTypes(parts),
    ...(isOver && { outputs: ifSmall(outputsOfParts(parts), outputBytes) }),
  };
}

const ifSmall = (outputs: readonly JsonObject[], most: number): readonly JsonObject[] | null =>
  bytesAsJson(outputs) <= most ? outputs : null;

const outputsOfParts = (parts: readonly PartState[]): readonly JsonObject[] =>
  parts.flatMap(({ state }) => (state?.status === 'completed' ? [state.outputs] : []));

/** The kinds of failure among parts, each once, in the order of the parts. */
export const errorTypes = (parts: readonly PartState[]): readonly StepError['type'][] => [
  ...new Set(parts.flatMap(({ state }) => (state && 'error' in state && isFailure(state.status) ? [state.error.type] : []))),
];

/** What all slices hand on together, in the order of the parts; null when one of them had too much. */
export function outputsOfSlices(slices: readonly Slice[]): readonly JsonObject[] | null {
  const ordered = slices.toSorted((a, b) => a.offset - b.offset).map(({ told }) => told?.outputs ?? null);
  return ordered.some((outputs) => outputs === null) ? null : ordered.flatMap((outputs) => outputs ?? []);
}

/** The slice that a part is in. */
export const sliceOfPart = (slices: readonly Slice[], n: number): number =>
  slices.findIndex(({ offset, count }) => n >= offset && n < offset + count);
