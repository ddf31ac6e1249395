import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { draw, expectAccessible } from '../testing/draw.tsx';
import type { TimeRange } from './series.ts';
import { TimeChart } from './TimeChart.tsx';

const HOUR = 3_600_000;
const BEGIN = Date.parse('2026-10-24T10:00:00Z');
const times = Array.from({ length: 24 }, (_, at) => BEGIN + at * HOUR);

const show = () => {
  const [range, setRange] = createSignal<TimeRange | null>(null);
  const choose = vi.fn(setRange);
  const [few, setFew] = createSignal(false);
  const box = draw(() => (
    <div class="w-[800px]">
      <TimeChart
        label="Runs by outcome"
        times={times}
        step={HOUR}
        kind="bars"
        height={96}
        series={[
          ...(few() ? [] : [{ id: 'failed', name: 'Failed', tone: 'failed', values: times.map((_, at) => (at === 20 ? 7 : 0)) } as const]),
          { id: 'completed', name: 'Completed', tone: 'completed', values: times.map((_, at) => at) },
        ]}
        range={range()}
        choose={choose}
      />
    </div>
  ));
  const plot = () => box.querySelector<HTMLElement>('[role=slider]') as HTMLElement;
  const press = (key: string, shiftKey = false) => plot().dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }));
  return { box, choose, plot, press, setFew };
};

test('the chart is drawn, and its values stand in a table too', async () => {
  const { box } = show();
  await expect.poll(() => box.querySelector('canvas')).toBeTruthy();
  await expectAccessible(box);
  box.querySelector('button')?.click();
  await expect.poll(() => box.querySelectorAll('tbody tr').length).toBe(24);
  expect(box.querySelectorAll('tbody tr')[20]?.textContent).toContain('7');
  await expectAccessible(box);
});

test('arrow keys tell the values, Shift chooses a range, Enter applies it and Escape lets go', async () => {
  const { box, choose, plot, press } = show();
  await expect.poll(() => box.querySelector('canvas')).toBeTruthy();
  plot().focus();
  press('ArrowLeft');
  press('ArrowLeft');
  press('ArrowLeft');
  press('ArrowLeft');
  await expect.poll(() => plot().getAttribute('aria-valuetext')).toContain('Failed 7, Completed 20');
  press('ArrowLeft', true);
  press('ArrowLeft', true);
  press('Enter');
  expect(choose).toHaveBeenLastCalledWith({ from: times[18], to: (times[20] ?? 0) + HOUR });
  press('Escape');
  press('Escape');
  expect(choose).toHaveBeenLastCalledWith(null);
});

test('dragging over the bars chooses the range under the pointer', async () => {
  const { box, choose } = show();
  await expect.poll(() => box.querySelector('.u-over')).toBeTruthy();
  const over = box.querySelector<HTMLElement>('.u-over') as HTMLElement;
  const { left, top, width } = over.getBoundingClientRect();
  const mouse = (type: string, at: number, target: EventTarget = over) =>
    target.dispatchEvent(new MouseEvent(type, { clientX: left + (width * at) / 24, clientY: top + 20, movementX: 1, bubbles: true }));
  mouse('mouseenter', 3);
  mouse('mousedown', 3.5);
  mouse('mousemove', 6.5);
  await expect.poll(() => box.querySelector<HTMLElement>('.u-select')?.offsetWidth).toBeGreaterThan(0);
  mouse('mouseup', 6.5, document);
  await expect.poll(() => choose.mock.calls.at(-1)?.[0]).toEqual({ from: times[3], to: times[7] });
});

test('series come and go', async () => {
  const { box, plot, press, setFew } = show();
  await expect.poll(() => box.querySelector('canvas')).toBeTruthy();
  setFew(true);
  await expect.poll(() => box.querySelectorAll('canvas').length).toBe(1);
  plot().focus();
  for (let times = 0; times < 4; times += 1) press('ArrowLeft');
  await expect.poll(() => plot().getAttribute('aria-valuetext')).toMatch(/: Completed 20$/);
});
