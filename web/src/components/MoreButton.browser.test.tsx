import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { MoreButton } from './MoreButton.tsx';

test('more is read once for each press, the focus stays for the next one, and the button is there as long as there is more', async () => {
  const [left, setLeft] = createSignal(2);
  const [reading, setReading] = createSignal(false);
  const fetchNextPage = vi.fn(() => setReading(true));
  const answer = () => {
    setReading(false);
    setLeft(left() - 1);
  };
  const query = {
    get hasNextPage() {
      return left() > 0;
    },
    get isFetchingNextPage() {
      return reading();
    },
    fetchNextPage,
  };
  const box = draw(() => <MoreButton words="Show earlier" query={query} />);
  const button = box.querySelector('button') as HTMLElement;
  button.focus();
  await userEvent.keyboard('{Enter}{Enter}');
  expect([fetchNextPage.mock.calls.length, button.ariaBusy, document.activeElement]).toEqual([1, 'true', button]);
  await expectAccessible(box);
  answer();
  await userEvent.keyboard('{Enter}');
  expect([fetchNextPage.mock.calls.length, document.activeElement]).toEqual([2, button]);
  answer();
  expect(box.querySelector('button')).toBe(null);
});
