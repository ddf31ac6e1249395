import type { StepDefinition } from './definition.ts';
import { errorAt, type Problem, pointerTo, shown } from './problem.ts';
import { didYouMean } from './suggest.ts';

type Node = Pick<StepDefinition, 'id' | 'needs' | 'else_of'>;

/** What each step waits for, by its id: what it names, else the step before it; and the step that it stands in for. */
export function needsOf(steps: readonly Node[]): Map<string, readonly string[]> {
  return new Map(
    steps.map((step, at) => {
      const before = steps[at - 1];
      const needs = step.needs ?? (before ? [before.id] : []);
      return [step.id, step.else_of === undefined || needs.includes(step.else_of) ? needs : [...needs, step.else_of]] as const;
    }),
  );
}

/** Every step that has certainly ended, well or badly, when the given step starts: its needs and theirs. Unknown ids and cycles are passed over. */
export function upstreamOf(id: string, needs: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(needs.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next) || !needs.has(next)) continue;
    found.add(next);
    open.push(...(needs.get(next) ?? []));
  }
  return found;
}

/** Ids used twice, needs that name no step or a step twice, steps that stand in for none, and cycles, each with its place and path; none: the steps can be ordered. */
export function graphProblems(steps: readonly Node[]): readonly Problem[] {
  const ids = new Set(steps.map(({ id }) => id));
  const own = [...duplicates(steps), ...steps.flatMap((step, at) => [...needProblems(step, at, ids), ...elseProblems(step, at, ids)])];
  return own.length > 0 ? own : cycleProblems(steps);
}

function duplicates(steps: readonly Node[]): readonly Problem[] {
  const first = new Map<string, number>();
  return steps.flatMap(({ id }, at) => {
    const earlier = first.get(id);
    if (earlier !== undefined) return [errorAt(`/steps/${at}/id`, `${shown(id)} is already the id of steps[${earlier}]`, { value: id })];
    first.set(id, at);
    return [];
  });
}

function needProblems(step: Node, at: number, ids: ReadonlySet<string>): readonly Problem[] {
  const seen = new Set<string>();
  return (step.needs ?? []).flatMap((need, index) => {
    const pointer = pointerTo(`/steps/${at}/needs`, index);
    if (need === step.id) return [errorAt(pointer, `step ${shown(need)} needs itself`, { value: need })];
    if (!ids.has(need)) return [errorAt(pointer, `no step has the id ${shown(need)}${didYouMean(need, [...ids])}`, { value: need })];
    if (seen.has(need)) return [errorAt(pointer, `${shown(need)} is already needed`, { value: need })];
    seen.add(need);
    return [];
  });
}

function elseProblems({ id, else_of: other }: Node, at: number, ids: ReadonlySet<string>): readonly Problem[] {
  if (other === undefined || (other !== id && ids.has(other))) return [];
  const pointer = `/steps/${at}/else_of`;
  if (other === id) return [errorAt(pointer, `step ${shown(other)} cannot stand in for itself`, { value: other })];
  return [errorAt(pointer, `no step has the id ${shown(other)}${didYouMean(other, [...ids])}`, { value: other })];
}

/** The steps in an order in which each stands behind its needs, definition order where they leave a choice; shorter than the steps when there is a cycle. */
export function orderOf(steps: readonly Node[]): readonly string[] {
  const needs = needsOf(steps);
  const ordered = new Set<string>();
  let left = steps.map(({ id }) => id);
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    left = left.filter((id) => {
      const ready = (needs.get(id) ?? []).every((need) => ordered.has(need));
      if (ready) ordered.add(id);
      return !ready;
    });
  }
  return [...ordered];
}

function cycleProblems(steps: readonly Node[]): readonly Problem[] {
  const ordered = new Set(orderOf(steps));
  const stuck = steps.find(({ id }) => !ordered.has(id));
  if (!stuck) return [];
  const cycle = cycleFrom(stuck.id, needsOf(steps), ordered);
  const at = steps.findIndex(({ id }) => id === cycle[0]);
  const { needs, else_of: other } = steps[at] ?? {};
  const pointer = needs?.includes(cycle[1] ?? '') ? `/steps/${at}/needs` : `/steps/${at}${other === cycle[1] ? '/else_of' : ''}`;
  return [errorAt(pointer, `the steps need each other in a circle: ${pathOf(cycle)}`)];
}

/** Follows needs that cannot be met until a step comes again: each step of the answer needs the next, the last is the first. */
function cycleFrom(start: string, needs: ReadonlyMap<string, readonly string[]>, ordered: ReadonlySet<string>): readonly string[] {
  const path: string[] = [];
  let next: string | undefined = start;
  while (next !== undefined && !path.includes(next)) {
    path.push(next);
    next = needs.get(next)?.find((need) => !ordered.has(need));
  }
  return next === undefined ? path : [...path.slice(path.indexOf(next)), next];
}

/** The way there and back, less the middle of a long one. */
const pathOf = (cycle: readonly string[]): string => {
  const shown = cycle.length <= 20 ? cycle : [...cycle.slice(0, 10), `${cycle.length - 20} more`, ...cycle.slice(-10)];
  return shown.join(' → ');
};
