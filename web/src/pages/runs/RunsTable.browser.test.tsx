import { MemoryRouter, Route } from '@solidjs/router';
import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { RUN_STATUSES } from '#jobs/run-state.ts';
import { SessionProvider } from '../../session/session.tsx';
import { draw, expectAccessible } from '../../testing/draw.tsx';
import { NO_FILTER } from '../../url/runs-filter.ts';
import { useChosenRuns } from './chosen-runs.ts';
import { RunsTable } from './RunsTable.tsx';
import type { ListedRun } from './views.ts';

const run = (at: number, more: Partial<ListedRun> = {}): ListedRun =>
  ({
    id: `018f0000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    number: at,
    seq: 1,
    job: `job-${at}`,
    version: 3,
    status: RUN_STATUSES[at % RUN_STATUSES.length],
    waiting_for: null,
    error_message: 'connection refused by core-fra:22',
    retry_error: null,
    priority: 5,
    trigger: 'manual',
    created_by: 'admin',
    total_steps: 5,
    completed_steps: 2,
    retry_count: 0,
    sample: false,
    started_at: '2026-10-25T01:00:03Z',
    ended_at: '2026-10-25T01:01:15Z',
    execution_time_ms: 72_000,
    ...more,
  }) as ListedRun;

const show = (width: string) => {
  const [runs, setRuns] = createSignal<readonly ListedRun[]>([]);
  const nearEnd = vi.fn();
  const Page = () => (
    <div class={`@container flex h-96 flex-col ${width}`}>
      <Show when={runs().length > 0}>
        <RunsTable
          place="test"
          runs={runs()}
          from="start"
          sort="-created_at"
          onSort={() => {}}
          choice={useChosenRuns(() => NO_FILTER, runs)}
          active={null}
          onActive={() => {}}
          nearEnd={nearEnd}
          nearStart={() => {}}
          foot=""
          steer={() => {}}
        />
      </Show>
    </div>
  );
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient()}>
      <SessionProvider>
        <MemoryRouter>
          <Route path="*" component={Page} />
        </MemoryRouter>
      </SessionProvider>
    </QueryClientProvider>
  ));
  return { box, setRuns, nearEnd };
};

const rows = (box: HTMLElement) => [...box.querySelectorAll('[role=row]')].slice(1);

test.each(['w-[1080px]', 'w-[390px]'])('rows that arrive after the page are drawn, only those on screen (%s)', async (width) => {
  const { box, setRuns } = show(width);
  setRuns(Array.from({ length: 5000 }, (_, at) => run(at)));
  await expect.poll(() => rows(box).length).toBeGreaterThan(5);
  expect(rows(box).length).toBeLessThan(60);
  expect(box.querySelector('a')?.textContent).toBe('job-0');
  await expectAccessible(box);
});

test('a run that changes changes in its place, and nothing moves', async () => {
  const { box, setRuns } = show('w-[1080px]');
  const all = Array.from({ length: 20 }, (_, at) => run(at, { status: 'running' }));
  setRuns(all);
  await expect.poll(() => rows(box).length).toBeGreaterThan(5);
  const third = rows(box)[2] as HTMLElement;
  const before = third.getBoundingClientRect().top;
  setRuns(all.with(2, run(2, { status: 'completed' })));
  await expect.poll(() => third.textContent).toContain('Completed');
  expect(third.getBoundingClientRect().top).toBe(before);
});

test('coming near the end asks for the next page', async () => {
  const { box, setRuns, nearEnd } = show('w-[1080px]');
  setRuns(Array.from({ length: 200 }, (_, at) => run(at)));
  await expect.poll(() => rows(box).length).toBeGreaterThan(5);
  expect(nearEnd).not.toHaveBeenCalled();
  const table = box.querySelector('[role=grid]') as HTMLElement;
  table.scrollTop = table.scrollHeight;
  await expect.poll(() => nearEnd.mock.calls.length).toBeGreaterThan(0);
});
