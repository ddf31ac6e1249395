import { needsOf } from '../graph.ts';
import type { StepAhead } from './look-ahead.ts';

/** How long a run takes if each step takes as long as it usually does, along the longest way through what each needs; null when no step that runs is known. */
export function estimateMs(steps: readonly StepAhead[], usual: ReadonlyMap<string, number>): number | null {
  const running = steps.filter(({ on, runs }) => on === 'steps' && runs !== 'no');
  if (!running.some(({ id }) => usual.has(id))) return null;
  const needs = needsOf(steps.filter(({ on }) => on === 'steps'));
  const ends = new Map<string, number>();
  const endOf = (id: string): number => {
    const known = ends.get(id);
    if (known !== undefined) return known;
    const step = steps.find((one) => one.on === 'steps' && one.id === id);
    const begin = Math.max(0, ...(needs.get(id) ?? []).map(endOf));
    const end = begin + (step === undefined || step.runs === 'no' ? 0 : (usual.get(id) ?? 0));
    ends.set(id, end);
    return end;
  };
  return Math.max(0, ...running.map(({ id }) => endOf(id)));
}
