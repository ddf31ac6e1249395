import { createMemo, createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import type { StepSummary } from '../../../api/views.ts';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import { planned, ran, step } from '../../../testing/steps.ts';
import { stepRows } from '../rows.ts';
import { HostGrid } from './HostGrid.tsx';
import { matrixOf, worstFirst } from './matrix.ts';

const show = (columns: number, steps: () => readonly StepSummary[]) => {
  const plan = Array.from({ length: columns }, (_, n) => planned(`s${n}`));
  const [chosen, choose] = createSignal<string>();
  const open = vi.fn();
  const Drawn = () => {
    const matrix = createMemo(() => matrixOf(stepRows(plan, steps())));
    const hosts = createMemo(() => worstFirst(matrix().hosts));
    return (
      <div class="w-[700px] [--view:400px]">
        <HostGrid columns={matrix().columns} hosts={hosts()} chosen={chosen()} choose={choose} open={open} touched={() => {}} />
      </div>
    );
  };
  const box = draw(() => <Drawn />);
  return { box, chosen, open };
};
const cells = (box: HTMLElement) => [...box.querySelectorAll<HTMLElement>('[role="gridcell"][data-id]')];
const press = (key: string, more: KeyboardEventInit = {}) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
const focused = () => (document.activeElement as HTMLElement).getAttribute('aria-label');

const steps = (hosts: number, columns: number) =>
  Array.from({ length: columns }, (_, column) => [
    step(`s${column}`, 'running', { parts: hosts }),
    ...Array.from({ length: hosts }, (_, n) => ran(`s${column}[${n}]`, 'completed', n, n + 1, { target: `edge-${n}` })),
  ]).flat();

test('of a hundred steps on two hundred hosts only the cells on screen exist, and the keys reach every one', async () => {
  const all = steps(200, 100);
  const { box, chosen, open } = show(100, () => all);
  await expect.poll(() => cells(box).length).toBeGreaterThan(50);
  expect(cells(box).length).toBeLessThan(1500);
  const grid = box.querySelector('[role="grid"]');
  expect([grid?.getAttribute('aria-rowcount'), grid?.getAttribute('aria-colcount')]).toEqual(['202', '101']);
  const [first] = cells(box).filter(({ tabIndex }) => tabIndex === 0);
  first?.focus();
  expect(focused()).toBe('s0 on edge-0: Completed, 1 s');
  press('ArrowRight');
  await expect.poll(focused).toBe('s1 on edge-0: Completed, 1 s');
  press('End', { ctrlKey: true });
  await expect.poll(focused).toBe('s99 on edge-199: Completed, 1 s');
  expect(chosen()).toBe('s99[199]');
  press('Enter');
  expect(open).toHaveBeenCalledExactlyOnceWith('s99[199]');
  press('Home');
  await expect.poll(focused).toBe('s0 on edge-199: Completed, 1 s');
  expect(cells(box).length).toBeLessThan(1500);
});

test('a failed host comes first, what was kept is marked, and a cell turns in place when its step ends', async () => {
  const before = [
    step('s0', 'running', { targets: ['edge-1', 'edge-2', 'edge-3'] }),
    ran('s0[0]', 'completed', 0, 1, { target: 'edge-1', kept_from: 'r0', attempts: [] }),
    ran('s0[1]', 'failed', 0, 1, { target: 'edge-2', attempt: 3 }),
    step('s0[2]', 'running', { target: 'edge-3' }),
  ];
  const [now, setNow] = createSignal<readonly StepSummary[]>(before);
  const { box } = show(1, now);
  await expect.poll(() => cells(box).length).toBe(3);
  expect(cells(box).map((cell) => cell.getAttribute('aria-label'))).toEqual([
    's0 on edge-2: Failed, 1 s, attempt 3',
    's0 on edge-3: Running',
    's0 on edge-1: Completed, 1 s, carried over from an earlier run',
  ]);
  const kept = cells(box).at(-1);
  expect(getComputedStyle(kept as HTMLElement).borderStyle).toBe('dashed');
  const third = cells(box)[1];
  const size = third?.getBoundingClientRect();
  expect([size?.width, size?.height]).toEqual([24, 24]);
  await expectAccessible(box);
  setNow(before.with(3, ran('s0[2]', 'failed', 0, 2, { target: 'edge-3' })));
  await expect.poll(() => third?.getAttribute('aria-label')).toBe('s0 on edge-3: Failed, 2 s');
});
