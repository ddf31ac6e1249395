import type { JobDefinition, StepDefinition } from '#jobs/definition.ts';
import { needsOf } from '#jobs/graph.ts';
import type { RunPhase } from '#jobs/run-phases.ts';
import type { StepRow } from '../../pages/run/rows.ts';
import { nameOf, writeChosen } from '../draft/selection.ts';
import type { ListName } from '../reading/messages.ts';

const keyAt = (list: ListName, index: number): string => writeChosen({ list, index }) ?? '';

/** The place of what undoes a step: it is written in that step, and chosen with it. */
const UNDO = '.undo';

/** The choice that a node of the graph stands for. */
export const chosenOfNode = (key: string): string => (key.endsWith(UNDO) ? key.slice(0, -UNDO.length) : key);

/** The steps of a draft as a graph takes them, with what undoes them and what comes after the run: each under its place, since ids may be missing or used twice while they are written. */
export function draftRows(definition: JobDefinition | null, none: string): readonly StepRow[] {
  const steps = definition?.steps ?? [];
  const byId = new Map<unknown, string>();
  steps.forEach(({ id }, index) => {
    if (!byId.has(id)) byId.set(id, keyAt('steps', index));
  });
  const placed = steps.map(({ needs, else_of }, index) => ({
    id: keyAt('steps', index),
    ...(needs && { needs: needs.flatMap((id) => byId.get(id) ?? []) }),
    ...(else_of !== undefined && byId.has(else_of) && { else_of: byId.get(else_of) as string }),
  }));
  const needs = needsOf(placed);
  const row = (step: Pick<StepDefinition, 'type'>, key: string, name: string, phase: RunPhase, before: readonly string[]) => ({
    key,
    name,
    type: typeof step.type === 'string' ? step.type : '',
    needs: before,
    phase,
    status: 'pending' as const,
    step: null,
    isPart: false,
  });
  const main = steps.map((step, index) => {
    const key = keyAt('steps', index);
    return row(step, key, nameOf(step, none), step.when === 'always' ? 'clean_up' : 'main', needs.get(key) ?? []);
  });
  const undo = steps.flatMap(({ compensate }, index) => {
    const key = keyAt('steps', index);
    return compensate ? [row(compensate, `${key}${UNDO}`, nameOf(compensate as StepDefinition, none), 'undo', [key])] : [];
  });
  // They come one after the other.
  const handlers = (['on_failure', 'on_cancel'] as const).flatMap((list) =>
    (definition?.[list] ?? []).map((step, index) =>
      row(step, keyAt(list, index), nameOf(step as StepDefinition, none), list, index === 0 ? [] : [keyAt(list, index - 1)]),
    ),
  );
  return [...main, ...undo, ...handlers].map((one, at) => ({ ...one, number: at + 1 }));
}
