import type { QueryClient } from '@tanstack/solid-query';
import { summaryOf } from '../api/step-summary.ts';
import type { StepSummary, StepView } from '../api/views.ts';

/** True when `next` tells of a later moment of the step than `known`. */
const isNewer = (known: Pick<StepView, 'attempt' | 'updated_at'>, next: Pick<StepView, 'attempt' | 'updated_at'>): boolean =>
  next.attempt > known.attempt || (next.attempt === known.attempt && next.updated_at >= known.updated_at);

/** Steps in the order of the definition, each before its parts, which are numbered in their keys. */
const inOrder = (one: StepSummary, other: StepSummary): number => {
  const [mine, theirs] = [one.parent_key ?? one.key, other.parent_key ?? other.key];
  if (one.step_number !== other.step_number) return one.step_number - other.step_number;
  if (mine !== theirs) return mine < theirs ? -1 : 1;
  return one.key.length - other.key.length || (one.key < other.key ? -1 : 1);
};

/** The steps with newer ones in their places and new ones at theirs; the same list when nothing is news. */
export const patchSummaries = (known: readonly StepSummary[], news: ReadonlyMap<string, StepSummary>): readonly StepSummary[] => {
  const unseen = new Map(news);
  let changed = false;
  const steps = known.map((step) => {
    const next = unseen.get(step.key);
    unseen.delete(step.key);
    if (!next || !isNewer(step, next)) return step;
    changed = true;
    return next;
  });
  if (unseen.size > 0) return [...steps, ...unseen.values()].toSorted(inOrder);
  return changed ? steps : known;
};

/** Steps as they were read, without losing what the stream has told of them meanwhile; what has not changed stays the same object. */
export const keepNewerSummaries = (known: readonly StepSummary[], read: readonly StepSummary[]): readonly StepSummary[] => {
  const before = new Map(known.map((step) => [step.key, step] as const));
  const steps = read.map((step) => {
    const told = before.get(step.key);
    before.delete(step.key);
    const isSame = told?.updated_at === step.updated_at && told.attempt === step.attempt && told.parts_by_status === null;
    return told && (isSame || !isNewer(told, step)) ? told : step;
  });
  return before.size === 0 ? steps : [...steps, ...before.values()].toSorted(inOrder);
};

const waiting = new WeakMap<QueryClient, Map<string, Map<string, StepView>>>();

/** Lays what is told of a step over everything held of it; all that is told at once is laid over a list once, however long it is. */
export const applyStep = (queries: QueryClient, run: string, step: StepView): void => {
  const byRun = waiting.get(queries);
  if (byRun) {
    byRun.set(run, (byRun.get(run) ?? new Map<string, StepView>()).set(step.key, step));
    return;
  }
  waiting.set(queries, new Map([[run, new Map([[step.key, step]])]]));
  queueMicrotask(() => {
    const news = waiting.get(queries) ?? [];
    waiting.delete(queries);
    for (const [id, steps] of news) applyAll(queries, id, steps);
  });
};

const applyAll = (queries: QueryClient, run: string, steps: ReadonlyMap<string, StepView>): void => {
  const summaries = new Map([...steps].map(([key, step]) => [key, summaryOf(step)] as const));
  queries.setQueryData<readonly StepSummary[]>(['step-summaries', run], (known) => known && patchSummaries(known, summaries));
  for (const [key, step] of steps)
    queries.setQueryData<StepView>(['step', run, key], (known) => (known && isNewer(known, step) ? { ...known, ...step } : known));
};
