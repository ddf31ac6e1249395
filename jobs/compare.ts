import { canonical } from './canonical.ts';
import type { JobDefinition } from './definition.ts';
import { type DefinitionDiff, diffDefinitions } from './diff/diff-definitions.ts';
import type { ListDiff } from './diff/diff-lists.ts';
import { diffValues, type FieldChange } from './diff/diff-values.ts';
import { MASK, maskedDiff, secretParameters } from './diff/mask.ts';
import { bytesAsJson, type Json, type JsonObject } from './json.ts';
import { keysOf } from './problem.ts';
import type { StepStatus } from './run-state.ts';

/** One of two runs that are compared. */
export interface ComparedRun {
  /** Null when it is no longer stored. */
  readonly definition: JobDefinition | null;
  readonly parameters: JsonObject;
  /** In the words of a command line. */
  readonly target: string | null;
  readonly steps: readonly ComparedStep[];
}

/** What a row says of a step, or of a part of one. */
export interface ComparedStep {
  readonly key: string;
  readonly parent_key: string | null;
  readonly step_number: number;
  readonly target: string | null;
  /** What a part is about that has an item, cut short where it is long. */
  readonly item?: Json;
  readonly status: StepStatus;
  readonly duration_ms: number | null;
  readonly attempt: number;
  readonly kept_from: string | null;
  readonly config: Json;
  readonly outputs: Json;
  readonly error: { readonly type: string; readonly message: string } | null;
}

/** How two runs differ; `a` and `before` are the first one. Values that are large are cut, and of many differences the first are told. */
export interface Comparison {
  /** Null when both followed the same, or when one is no longer known: `definition_known` tells which. */
  readonly definition: DefinitionDiff | null;
  readonly definition_known: boolean;
  readonly parameters: readonly FieldChange[];
  readonly target: { readonly a: string | null; readonly b: string | null } | null;
  /** Steps that differ in more than how long they took. */
  readonly steps: readonly StepComparison[];
  readonly equal_steps: readonly EqualStep[];
}

export interface EqualStep {
  readonly id: string;
  readonly status: StepStatus;
  readonly duration_ms: { readonly a: number | null; readonly b: number | null };
}

/** What one of two runs shows of a step. */
export interface StepSide {
  readonly status: StepStatus;
  readonly duration_ms: number | null;
  readonly attempts: number;
  readonly kept_from: string | null;
  readonly error: ComparedStep['error'];
}

interface PieceComparison {
  /** Null: nothing happened to it in that run. */
  readonly a: StepSide | null;
  readonly b: StepSide | null;
  readonly config: readonly FieldChange[];
  readonly outputs: readonly FieldChange[];
}

export interface StepComparison extends PieceComparison {
  readonly id: string;
  /** Of a step that was carried out in parts in one of the runs: how many are equal, and the first of those that are not. */
  readonly parts: {
    readonly equal: number;
    readonly different: number;
    readonly items: readonly (PieceComparison & { readonly key: string; readonly target: string | null; readonly item: Json })[];
  } | null;
  /** So much was told of the steps before it that only how it ended is told of this one. */
  readonly left_out?: true;
}

/** Bytes of a value that is told in full, differences told of one thing, and parts told of one step. */
const LARGEST = 2_048;
const MOST_CHANGES = 50;
const MOST_PARTS = 50;
/** Bytes told of all steps together. */
const MOST_TOLD = 1_000_000;

/** Compares two runs, of the same job or of two. */
export function compareRuns(a: ComparedRun, b: ComparedRun): Comparison {
  const secret = secretParameters(...[a.definition, b.definition].filter((definition) => definition !== null));
  const ids = idsOf(a, b);
  const steps = ids.map((id) => compareStep(id, piecesOf(a, id), piecesOf(b, id)));
  return {
    definition: definitionDiff(a.definition, b.definition, secret),
    definition_known: a.definition !== null && b.definition !== null,
    parameters: bounded(diffValues(a.parameters, b.parameters).map((change) => covered(change, secret))),
    target: a.target === b.target ? null : { a: a.target, b: b.target },
    steps: withinBounds(steps.filter((step) => !isEqual(step))),
    equal_steps: steps.flatMap((step) => {
      if (!isEqual(step) || !step.a || !step.b) return [];
      return [{ id: step.id, status: step.a.status, duration_ms: { a: step.a.duration_ms, b: step.b.duration_ms } }];
    }),
  };
}

function withinBounds(steps: readonly StepComparison[]): readonly StepComparison[] {
  let told = 0;
  return steps.map((step) => {
    told += bytesAsJson(step);
    const { parts } = step;
    return told <= MOST_TOLD ? step : { ...step, config: [], outputs: [], parts: parts && { ...parts, items: [] }, left_out: true };
  });
}

/** In the order of the second run's definition, then what only the first has. */
function idsOf(a: ComparedRun, b: ComparedRun): readonly string[] {
  const wholes = [...b.steps, ...a.steps].filter(({ parent_key }) => parent_key === null);
  const numbers = new Map<string, number>();
  for (const { key, step_number } of wholes) if (!numbers.has(key)) numbers.set(key, step_number);
  return [...numbers].sort(([, one], [, other]) => one - other).map(([key]) => key);
}

interface Pieces {
  readonly whole: ComparedStep | null;
  readonly parts: readonly ComparedStep[];
}

const piecesOf = ({ steps }: ComparedRun, id: string): Pieces => ({
  whole: steps.find(({ key }) => key === id) ?? null,
  parts: steps.filter(({ parent_key }) => parent_key === id),
});

/** Parts by their targets or items, where those of both runs each have one of their own; by key elsewhere. */
function partsByName(...sides: readonly (readonly ComparedStep[])[]): readonly ReadonlyMap<string, ComparedStep>[] {
  const named = sides.map((parts) => new Map(parts.map((part) => [part.target ?? canonical(part.item ?? part.key), part])));
  const areTold = named.every(({ size }, at) => size === sides[at]?.length);
  return areTold ? named : sides.map((parts) => new Map(parts.map((part) => [part.key, part])));
}

function compareStep(id: string, a: Pieces, b: Pieces): StepComparison {
  const whole = comparePiece(a.whole, b.whole, a.parts.length + b.parts.length > 0);
  if (a.parts.length + b.parts.length === 0) return { id, ...whole, parts: null };
  const [before, after] = partsByName(a.parts, b.parts);
  const names = [...new Set([...(after?.keys() ?? []), ...(before?.keys() ?? [])])];
  const compared = names.map((name) => {
    const [one, other] = [before?.get(name) ?? null, after?.get(name) ?? null];
    const { key = name, target = null, item = null } = other ?? one ?? {};
    return { key, target, item, ...comparePiece(one, other, false) };
  });
  const different = compared.filter((part) => !isSame(part));
  return {
    id,
    ...whole,
    parts: { equal: compared.length - different.length, different: different.length, items: different.slice(0, MOST_PARTS) },
  };
}

/** What a step in parts hands on is told by its parts. */
const comparePiece = (a: ComparedStep | null, b: ComparedStep | null, inParts: boolean): PieceComparison => ({
  a: sideOf(a),
  b: sideOf(b),
  config: a && b ? bounded(diffValues(a.config, b.config)) : [],
  outputs: a && b && !inParts ? bounded(diffValues(a.outputs, b.outputs)) : [],
});

const sideOf = (step: ComparedStep | null): StepSide | null =>
  step && {
    status: step.status,
    duration_ms: step.duration_ms,
    attempts: step.attempt,
    kept_from: step.kept_from,
    error: step.error && { type: step.error.type, message: cutText(step.error.message) },
  };

const isSame = ({ a, b, config, outputs }: PieceComparison): boolean =>
  a?.status === b?.status &&
  isSameAttempts(a, b) &&
  canonical((a?.error ?? null) as Json) === canonical((b?.error ?? null) as Json) &&
  config.length + outputs.length === 0;

/** A kept result was not attempted here. */
const isSameAttempts = (a: StepSide | null, b: StepSide | null): boolean =>
  a?.attempts === b?.attempts || a?.kept_from !== null || b?.kept_from !== null;

const isEqual = (step: StepComparison): boolean => isSame(step) && (step.parts?.different ?? 0) === 0;

function definitionDiff(a: JobDefinition | null, b: JobDefinition | null, secret: ReadonlySet<string>): DefinitionDiff | null {
  if (!a || !b || canonical(a as unknown as Json) === canonical(b as unknown as Json)) return null;
  const { fields, ...lists } = maskedDiff(diffDefinitions(a, b), secret);
  const cut = Object.entries(lists).map(([name, list]) => [name, cutList(list as ListDiff)] as const);
  return { fields: bounded(fields), ...Object.fromEntries(cut) };
}

const cutList = ({ removed, added, moved, changed }: ListDiff): ListDiff => ({
  removed: removed.map((entry) => ({ ...entry, value: cut(entry.value) as JsonObject })),
  added: added.map((entry) => ({ ...entry, value: cut(entry.value) as JsonObject })),
  moved,
  changed: changed.map(({ id, fields }) => ({ id, fields: bounded(fields) })),
});

function covered(change: FieldChange, secret: ReadonlySet<string>): FieldChange {
  if (!secret.has(keysOf(change.pointer)[0] ?? '')) return change;
  return {
    pointer: change.pointer,
    ...(change.before !== undefined && { before: MASK }),
    ...(change.after !== undefined && { after: MASK }),
  };
}

const bounded = (changes: readonly FieldChange[]): readonly FieldChange[] =>
  changes.slice(0, MOST_CHANGES).map(({ pointer, before, after }) => ({
    pointer,
    ...(before !== undefined && { before: cut(before) }),
    ...(after !== undefined && { after: cut(after) }),
  }));

/** A value as it is, or what it begins with beside how large it is. */
function cut(value: Json): Json {
  const bytes = bytesAsJson(value);
  return bytes <= LARGEST ? value : { bytes, begins: JSON.stringify(value).slice(0, 500) };
}

const cutText = (text: string): string => (text.length > LARGEST ? `${text.slice(0, LARGEST - 1)}…` : text);
