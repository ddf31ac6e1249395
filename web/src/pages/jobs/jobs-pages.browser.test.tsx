import { MemoryRouter, Route } from '@solidjs/router';
import { createSignal, type JSX } from 'solid-js';
import { expect, test } from 'vitest';
import type { JobDefinition } from '#jobs/definition.ts';
import { diffDefinitions } from '#jobs/diff/diff-definitions.ts';
import { draw, expectAccessible } from '../../testing/draw.tsx';
import { Grid } from './grid/Grid.tsx';
import { ImportReport } from './import/ImportReport.tsx';
import { Spark } from './list/Spark.tsx';
import { Changes } from './versions/Changes.tsx';
import type { GridRun, ImportItem, RecentRun } from './views.ts';

const show = (what: () => JSX.Element): HTMLElement =>
  draw(() => (
    <MemoryRouter>
      <Route path="*" component={what} />
    </MemoryRouter>
  ));

const gridRun = (number: number, version: number, steps: readonly string[], status: GridRun['status'] = 'completed'): GridRun => ({
  id: `run-${number}`,
  number,
  version,
  status,
  waiting_for: null,
  trigger: 'manual',
  execution_time_ms: 1000,
  created_at: '2026-10-25T01:00:00Z',
  steps: steps.map((step_id, at) => ({
    step_id,
    step_number: at + 1,
    name: step_id,
    status: 'completed',
    waiting_for: null,
    duration_ms: 72_000,
  })),
});

const key = (target: Element | null | undefined, name: string) =>
  target?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));

test('the grid marks where another version begins, one cell can be tabbed to and arrows move it', async () => {
  const box = show(() => (
    <Grid job="edge" runs={[gridRun(1, 1, ['a', 'b']), gridRun(2, 2, ['a', 'c', 'b']), gridRun(3, 2, ['a'], 'failed')]} />
  ));
  await expect.poll(() => box.querySelectorAll('tbody tr').length).toBe(4);
  expect([...box.querySelectorAll('thead th')].map((head) => head.textContent)).toEqual(['Step', 'v1', 'v2']);
  const cells = () => [...box.querySelectorAll<HTMLElement>('[data-cell]')];
  const tabbed = () => cells().filter((cell) => cell.tabIndex === 0);
  expect(tabbed().map((cell) => cell.dataset.cell)).toEqual(['0 2']);
  tabbed()[0]?.focus();
  key(document.activeElement, 'ArrowDown');
  key(document.activeElement, 'ArrowLeft');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('a, run #2: Completed, 1 m 12 s');
  key(document.activeElement, 'Home');
  expect(tabbed().map((cell) => cell.dataset.cell)).toEqual(['1 0']);
  expect(box.querySelector('[data-cell="2 0"]')?.getAttribute('aria-label')).toBe('c, run #1: Not reached');
  await expectAccessible(box);
});

test('who reads earlier runs stays there with the focus while runs come at both ends; who is at the newest sees the next', async () => {
  const some = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => gridRun(from + at, 1, ['a', 'b']));
  const [runs, setRuns] = createSignal(some(31, 90));
  const box = show(() => (
    <div class="w-96">
      <Grid job="edge" runs={runs()} />
    </div>
  ));
  await expect.poll(() => box.querySelectorAll('tbody tr').length).toBe(3);
  const scroller = () => box.querySelector('table')?.parentElement as HTMLElement;
  const run = (number: number) => box.querySelector<HTMLElement>(`[aria-label^="a, run #${number}:"]`) as HTMLElement;
  const isAtEnd = () => scroller().scrollLeft + scroller().clientWidth >= scroller().scrollWidth - 1;
  expect(isAtEnd()).toBe(true);
  setRuns(some(31, 91));
  await expect.poll(isAtEnd).toBe(true);
  scroller().scrollLeft = 300;
  await new Promise((scrolled) => scroller().addEventListener('scroll', scrolled, { once: true }));
  run(45).focus({ preventScroll: true });
  const before = run(45).getBoundingClientRect().left;
  setRuns(some(1, 92));
  await expect.poll(() => run(45).getBoundingClientRect().left).toBeCloseTo(before, 0);
  expect([document.activeElement, run(45).tabIndex]).toEqual([run(45), 0]);
});

test('runs that only tried a step are marked as such', async () => {
  const box = show(() => <Grid job="edge" runs={[gridRun(1, 1, ['a']), { ...gridRun(2, 1, ['a']), version: null, trigger: 'test' }]} />);
  await expect.poll(() => [...box.querySelectorAll('thead th')].map((head) => head.textContent)).toEqual(['Step', 'v1', 'test']);
  expect(box.querySelector('[data-cell="0 1"]')?.getAttribute('aria-label')).toContain('only tried one step');
});

test('the newest runs are told by shape and in words', async () => {
  const run = (number: number, status: RecentRun['status']): RecentRun => ({
    id: String(number),
    number,
    status,
    execution_time_ms: 1000 * number,
    created_at: '2026-10-25T01:00:00Z',
  });
  const runs = [run(5, 'running'), run(4, 'failed'), run(3, 'completed'), run(2, 'cancelled'), run(1, 'queued')];
  const box = show(() => <Spark runs={runs} most={30} />);
  await expect
    .poll(() => box.querySelector('svg')?.getAttribute('aria-label'))
    .toBe('Last 5 runs: 1 completed, 1 ended badly, 1 cancelled, 1 under way, 1 not started');
  const shapes = [...box.querySelectorAll('g > *')].map((shape) => shape.tagName + (shape.getAttribute('fill') ?? ''));
  expect(new Set(shapes).size).toBe(5);
  await expectAccessible(box);
});

test('what changed is said in sentences; a change of the text alone says that', async () => {
  const job = (timeout: string): JobDefinition => ({ name: 'edge', steps: [{ id: 'store', type: 'ssh.exec', config: {}, timeout }] });
  const box = show(() => (
    <>
      <Changes diff={diffDefinitions(job('5m'), job('10m'))} isSameText={false} />
      <Changes diff={diffDefinitions(job('5m'), job('5m'))} isSameText={false} />
    </>
  ));
  await expect.poll(() => box.querySelector('li')?.textContent).toContain('step store: timeout 5m → 10m');
  expect(box.textContent).toContain('Only the text changed');
  await expectAccessible(box);
});

test('a report of an import begins with what has errors and stays bounded', async () => {
  const item = (name: string, action: ImportItem['action'], problems: number): ImportItem => ({
    name,
    line: 1,
    action,
    saved_as: null,
    problems: Array.from({ length: problems }, () => ({
      pointer: '/steps/0',
      message: '\u202e<img src=x onerror=alert(1)>',
      severity: 'error' as const,
    })),
    report: [],
  });
  const counts = { created: 1, updated: 0, same: 0, skipped: 0, renamed: 0, bad: 1 };
  const box = show(() => (
    <ImportReport report={{ dry_run: true, saved: false, counts, items: [item('good', 'created', 0), item('bad', 'bad', 10_000)] }} />
  ));
  await expect.poll(() => box.querySelectorAll('tbody tr').length).toBe(2);
  expect(box.querySelector('tbody tr')?.textContent).toContain('bad');
  expect(box.textContent).toContain('The first 20 of 10,000 are shown.');
  expect(box.textContent).toContain('⟨U+202E⟩');
  expect(box.querySelector('img')).toBeNull();
  await expectAccessible(box);
});
