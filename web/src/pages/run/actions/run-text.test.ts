import { expect, test } from 'vitest';
import type { RunView, StepSummary } from '../../../api/views.ts';
import { stepRows } from '../rows.ts';
import { runText } from './run-text.ts';

const run = {
  job: 'edge-backup',
  number: 7,
  version: 12,
  status: 'failed',
  execution_time_ms: 72_000,
  trigger: 'manual',
  created_by: 'ann',
  client: 'ACME',
  ref_num: null,
  started_at: '2026-10-25T01:00:00Z',
  ended_at: '2026-10-25T01:01:12Z',
  error_message: 'step store: no space\u202e left\non device',
  retry_error: null,
  message: null,
} as unknown as RunView;

const planned = (id: string) => ({ id, number: 1, name: id, type: 'x', needs: [], phase: 'main' as const });

test('a run as text says what it was, how it ended and why, and where it is', () => {
  const plan = [planned('prepare'), planned('store')];
  const step = {
    key: 'prepare',
    step_id: 'prepare',
    parent_key: null,
    status: 'completed',
    duration_ms: 1_200,
    item: null,
  } as unknown as StepSummary;
  expect(runText(run, stepRows(plan, [step], true), 'http://capstan/runs/7').split('\n')).toEqual([
    'edge-backup #7: v12, Failed, 1 m 12 s, by manual ann, ACME',
    'started 2026-10-25T01:00:00Z, ended 2026-10-25T01:01:12Z',
    'why: step store: no space⟨U+202E⟩ left on device',
    'steps:',
    '  prepare  Completed   1 s',
    '  store    Skipped',
    'http://capstan/runs/7',
  ]);
});

test('of thousands of steps only some are told, and how many are not', () => {
  const plan = Array.from({ length: 5_000 }, (_, n) => planned(`s${n}`));
  expect(
    runText(run, stepRows(plan, [], true), 'x')
      .split('\n')
      .at(-2),
  ).toBe('  and 4800 more');
});
