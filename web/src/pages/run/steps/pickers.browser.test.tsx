import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { PlanStepView, StepSummary } from '../../../api/views.ts';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import { stepRows } from '../rows.ts';
import { StepPickers } from './StepPickers.tsx';

const plan = { id: 'show', name: 'show', type: 'ssh.exec', number: 1, needs: [], phase: 'main' } as unknown as PlanStepView;
const summary = (key: string, more: Partial<StepSummary>) =>
  ({
    key,
    step_id: 'show',
    parent_key: null,
    status: 'completed',
    item: null,
    target: null,
    parts: null,
    targets: null,
    attempt: 1,
    ...more,
  }) as StepSummary;

const show = (hosts: number, chosen: string) => {
  const parts = Array.from({ length: hosts }, (_, at) =>
    summary(`show[${at}]`, { parent_key: 'show', target: `edge-${at}`, status: at === hosts - 1 ? 'failed' : 'completed' }),
  );
  const rows = stepRows([plan], [summary('show', { targets: parts.map(({ target }) => target ?? '') }), ...parts]);
  const open = vi.fn();
  const [key] = createSignal(chosen);
  const box = draw(() => <StepPickers rows={rows} chosen={rows.find((row) => row.key === key())} open={open} />);
  const hosts_ = () => [...(box.querySelectorAll('select')[1]?.options ?? [])];
  return { box, open, choices: hosts_ };
};

test('all hosts of a step can be chosen, also when every one of them completed long ago', async () => {
  const { box, open, choices } = show(25, 'show[3]');
  expect(choices()).toHaveLength(25);
  expect(choices().find(({ selected }) => selected)?.textContent).toBe('edge-3 · Completed');
  await userEvent.selectOptions(box.querySelectorAll('select')[1] as HTMLElement, 'edge-7 · Completed');
  expect(open.mock.calls).toEqual([['show[7]']]);
  await expectAccessible(box);
});

test('of thousands those that failed come first, and any other is found by typing', async () => {
  const { box, open, choices } = show(3000, 'show[3]');
  expect(choices().length).toBeLessThanOrEqual(203);
  expect(choices().map(({ textContent }) => textContent)).toEqual(expect.arrayContaining(['edge-3 · Completed', 'edge-2999 · Failed']));
  await userEvent.type(box.querySelector('input[type=search]') as HTMLElement, 'edge-1234{Enter}');
  expect(open.mock.calls).toEqual([['show[1234]']]);
  expect(box.querySelector('[role=status]')?.textContent).toBe('1 match');
  await expectAccessible(box);
});
