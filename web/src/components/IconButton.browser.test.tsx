import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { IconButton } from './IconButton.tsx';

test('a button that works keeps the focus, says what it does and does nothing twice', async () => {
  const [busy, setBusy] = createSignal(false);
  const press = vi.fn(() => setBusy(true));
  const box = draw(() => (
    <IconButton label="Copy the log" busy={busy() && 'The lines are being copied.'} press={press}>
      c
    </IconButton>
  ));
  const button = box.querySelector('button') as HTMLElement;
  button.focus();
  await userEvent.keyboard('{Enter}{Enter}');
  expect([press.mock.calls.length, button.ariaBusy, button.ariaDisabled, button.title]).toEqual([
    1,
    'true',
    'true',
    'The lines are being copied.',
  ]);
  await expectAccessible(box);
  setBusy(false);
  await userEvent.keyboard('{Enter}');
  expect([press.mock.calls.length, document.activeElement]).toEqual([2, button]);
});

test('a button that has come to its end keeps the focus, says so and does nothing', async () => {
  const [scale, setScale] = createSignal(2);
  const box = draw(() => (
    <IconButton label="Zoom in" off={scale() >= 3 && 'It gets no larger.'} press={() => setScale(scale() + 1)}>
      +
    </IconButton>
  ));
  const button = box.querySelector('button') as HTMLElement;
  button.focus();
  expect([button.title, button.ariaBusy]).toEqual(['Zoom in', null]);
  await userEvent.keyboard('{Enter} {Enter}');
  expect([scale(), button.title, button.ariaLabel, button.ariaBusy]).toEqual([3, 'It gets no larger.', 'Zoom in', null]);
  expect(document.activeElement).toBe(button);
  await expectAccessible(box);
});
