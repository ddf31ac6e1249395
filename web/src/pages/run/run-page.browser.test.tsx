import { MemoryRouter, Route } from '@solidjs/router';
import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { createSignal, type JSX } from 'solid-js';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import type { LineageNode, RunView, StepView } from '../../api/views.ts';
import { draw, expectAccessible } from '../../testing/draw.tsx';
import { StatusNews } from './header/StatusNews.tsx';
import { HoldFacts } from './holds/HoldFacts.tsx';
import { LineageTree } from './lineage/LineageView.tsx';

const run = {
  id: 'r1',
  number: 12,
  status: 'waiting',
  timezone: null,
  created_at: '2026-10-25T01:00:00Z',
  started_at: '2026-10-25T01:00:00Z',
  ended_at: null,
  permissions: ['run:steer'],
} as unknown as RunView;

const step = (key: string, status: StepView['status'], more: Partial<StepView> = {}) =>
  ({
    key,
    step_id: key.replace(/\[.*/, ''),
    parent_key: key.includes('[') ? key.replace(/\[.*/, '') : null,
    type: 'local.exec',
    status,
    waiting_for: null,
    message: null,
    hold: null,
    item: key.includes('[') ? `item ${key}` : null,
    target: null,
    targets: null,
    parts: null,
    parts_by_status: null,
    kept_from: null,
    attempt: 1,
    attempts_allowed: 1,
    attempts: [],
    progress: null,
    started_at: null,
    ended_at: null,
    duration_ms: null,
    ...more,
  }) as StepView;

const show = (what: () => JSX.Element): HTMLElement =>
  draw(() => (
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <MemoryRouter>
        <Route path="*" component={what} />
      </MemoryRouter>
    </QueryClientProvider>
  ));

const textOf = (element: Element | null | undefined): string => element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

test('an approval that is waited for says what is asked, whom, and who has answered what', async () => {
  const hold = (answers: readonly JsonObject[]): JsonObject => ({
    kind: 'approval',
    message: 'Push it?\n<img src=x onerror=alert(1)>',
    approvers: ['netops', 'role:admin'],
    barred: ['ann'],
    count: 2,
    answers,
    until: new Date(Date.now() + 3_600_000).toISOString(),
    on_timeout: 'reject',
    reminded: 0,
    escalated: 1,
  });
  const bob = { actor: 'bob', decision: 'approved', comment: 'fine by me', at: '2026-10-25T01:02:03Z' };
  const [held, setHeld] = createSignal(step('ask', 'waiting', { waiting_for: 'approval', hold: hold([]) }));
  const box = show(() => <HoldFacts run={run} step={held()} />);
  const facts = () => Object.fromEntries([...box.querySelectorAll('dt')].map((dt) => [textOf(dt), textOf(dt.nextElementSibling)]));
  expect(box.querySelector('img')).toBeNull();
  expect(box.textContent).toContain('<img src=x onerror=alert(1)>');
  expect(facts()).toMatchObject({
    Approval: '0 of 2 approvals',
    By: 'netops, role:admin',
    'Not by': 'ann (started it or wrote what it runs)',
    Answers: 'none yet',
    Until: expect.stringMatching(/\(in (1 h|59 m( \d+ s)?)\), then it counts as rejected$/),
    Told: 'escalated once',
    'Answer with': 'capstan approve 12 ask',
  });
  setHeld(step('ask', 'waiting', { waiting_for: 'approval', hold: hold([bob]) }));
  expect(facts()).toMatchObject({ Approval: '1 of 2 approvals', Answers: expect.stringMatching(/^bob approved.*“fine by me”$/) });
  await expectAccessible(box);
  setHeld(step('ask', 'completed', { hold: hold([bob]) }));
  expect(Object.keys(facts())).toEqual(['Approval', 'By', 'Answers', 'Told']);
});

test.each([
  [{ kind: 'lock', key: 'core', position: 2, held_by: [1042, 7] }, 'Waits for Lockcore Place2nd in line Blocked byrun #1042run #7'],
  [{ kind: 'run', run: 'r9', number: 9, job: 'child', until: null }, 'Waits for Runrun #9 child Untilas long as the run lasts'],
  [{ kind: 'window', target: 'edge-1', opens_at: null }, 'Waits for Maintenance window ofedge-1 Opensnone within 400 days'],
  [{ kind: 'signal', name: 'go', until: null }, 'Waits for Signalgo Untilas long as the run lasts'],
] as const)('%o is told with the way to what it waits for', async (hold, words) => {
  const box = show(() => <HoldFacts run={run} step={step('s', 'waiting', { hold: hold as unknown as JsonObject })} />);
  expect(textOf(box).replaceAll(' ', '')).toBe(words.replaceAll(' ', ''));
  const links = [...box.querySelectorAll('a')].map((link) => link.getAttribute('href'));
  expect(links).toEqual(hold.kind === 'lock' ? ['/runs/1042', '/runs/7'] : hold.kind === 'run' ? ['/runs/r9'] : []);
  await expectAccessible(box);
});

test('who listens is told of the run’s status when it changes, not on arrival, and of a burst only the newest', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const [seen, see] = createSignal<Pick<RunView, 'number' | 'status' | 'waiting_for'>>({
    number: 12,
    status: 'pending',
    waiting_for: null,
  });
  const box = draw(() => <StatusNews run={seen()} />);
  const said = () => box.querySelector('[role=status]')?.textContent;
  expect(said()).toBe('');
  see({ ...seen(), status: 'queued' });
  expect(said()).toBe('Run #12: Queued');
  see({ ...seen(), status: 'running' });
  see({ ...seen(), status: 'waiting', waiting_for: 'approval' });
  vi.advanceTimersByTime(4_900);
  expect(said()).toBe('Run #12: Queued');
  vi.advanceTimersByTime(200);
  expect(said()).toBe('Run #12: Waiting: approval');
});

test('a step that ran another job leads to its run after the end too', () => {
  const hold = { kind: 'run', run: 'r9', number: 9, job: 'child', until: null };
  const box = show(() => <HoldFacts run={run} step={step('s', 'failed', { hold })} />);
  expect(textOf(box)).toBe('StartedRunrun #9 child');
  expect(box.querySelector('a')?.getAttribute('href')).toBe('/runs/r9');
});

test('a lineage says what each run is to the one above it, and which is this one', async () => {
  const node = (number: number, more: Partial<LineageNode>): LineageNode => ({
    id: `r${number}`,
    number,
    job: 'three',
    version: 2,
    status: 'completed',
    created_at: '2026-10-25T01:00:00Z',
    created_by: 'ann',
    relation: 'origin',
    of: null,
    from: null,
    kept: null,
    parent_key: null,
    ...more,
  });
  const items = [
    node(1, { status: 'failed', version: 1 }),
    node(2, { relation: 'rerun', of: 'r1', from: ['store'], kept: ['fetch', 'show'] }),
    node(3, { relation: 'retry', of: 'r2' }),
    node(4, { relation: 'sub_run', of: 'r2', parent_key: 'deploy', status: 'running' }),
  ];
  const box = show(() => <LineageTree lineage={{ items, truncated: false }} current="r2" zone={null} />);
  const rows = [...box.querySelectorAll('li')].map(textOf);
  expect(rows[0]).toMatch(/^Failed#1three v1by ann/);
  expect(rows[1]).toMatch(/^Completed#2three v2re-run of run #1 from store, keeps fetch, show\s*\(this run\)by ann/);
  expect(rows[2]).toContain('retry of run #2');
  expect(rows[3]).toContain('run by step deploy of run #2');
  expect(box.querySelector('[aria-current]')?.getAttribute('href')).toBe('/runs/r2');
  await expectAccessible(box);
});
