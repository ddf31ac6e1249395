import { QueryClient } from '@tanstack/solid-query';
import { expect, test } from 'vitest';
import { summaryOf } from '../api/step-summary.ts';
import type { StepSummary, StepView } from '../api/views.ts';
import { applyStep, keepNewerSummaries, patchSummaries } from './step-news.ts';

const step = (key: string, attempt: number, at: number, more: Partial<StepView> = {}): StepView => {
  const [whole, part] = key.split('[');
  const number = { fetch: 1, show: 2, store: 3 }[whole ?? ''] ?? 9;
  return {
    key,
    step_id: whole,
    step_number: number,
    parent_key: part === undefined ? null : whole,
    attempt,
    item: null,
    error: null,
    parts_by_status: null,
    ended_at: null,
    attempts: [],
    updated_at: `2026-10-25T00:00:0${at}Z`,
    ...more,
  } as unknown as StepView;
};
const summary = (...of: Parameters<typeof step>): StepSummary => summaryOf(step(...of));
const news = (...steps: readonly StepSummary[]) => new Map(steps.map((one) => [one.key, one]));
const keys = (steps: readonly StepSummary[]) => steps.map(({ key }) => key);

test('a step heard of for the first time stands at its place, parts below their step in their order', () => {
  const known = [summary('fetch', 1, 1), summary('show', 1, 1), summary('show[2]', 1, 1), summary('store', 1, 1)];
  expect(keys(patchSummaries(known, news(summary('show[10]', 1, 1), summary('show[0]', 1, 1))))).toEqual([
    'fetch',
    'show',
    'show[0]',
    'show[2]',
    'show[10]',
    'store',
  ]);
});

test('old news leave the very same list, newer ones change nothing but their own step', () => {
  const known = [summary('fetch', 2, 1), summary('show', 1, 5)];
  expect(patchSummaries(known, news(summary('fetch', 1, 9), summary('show', 1, 4)))).toBe(known);
  const patched = patchSummaries(known, news(summary('show', 2, 0)));
  expect(patched[0]).toBe(known[0]);
  expect(patched[1]?.attempt).toBe(2);
});

test('an answer that was on its way while news came loses none of them, and keeps what is the same', () => {
  const known = [summary('fetch', 1, 5), summary('show', 1, 3), summary('show[7]', 1, 6)];
  const kept = keepNewerSummaries(known, [summary('fetch', 1, 3), summary('show', 1, 3), summary('store', 1, 3)]);
  expect(keys(kept)).toEqual(['fetch', 'show', 'show[7]', 'store']);
  expect(kept.slice(0, 2)).toEqual(known.slice(0, 2));
  expect(kept[1]).toBe(known[1]);
});

test('thousands of news at once are laid over the list once, and over the step that is looked at', async () => {
  const queries = new QueryClient();
  const all = Array.from({ length: 2000 }, (_, n) => summary(`show[${n}]`, 1, 1));
  queries.setQueryData(['step-summaries', 'r1'], all);
  queries.setQueryData(['step', 'r1', 'show[3]'], step('show[3]', 1, 1));
  let changes = 0;
  queries.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'updated' && query.queryKey[0] === 'step-summaries') changes += 1;
  });
  for (let n = 0; n < 2000; n++) applyStep(queries, 'r1', step(`show[${n}]`, 1, 2, { status: 'completed' }));
  await Promise.resolve();
  expect(changes).toBe(1);
  const held = queries.getQueryData<readonly StepSummary[]>(['step-summaries', 'r1']);
  expect(held?.every(({ status }) => status === 'completed')).toBe(true);
  expect(queries.getQueryData<StepView>(['step', 'r1', 'show[3]'])?.status).toBe('completed');
});
