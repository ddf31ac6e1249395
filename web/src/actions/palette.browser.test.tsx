import { MemoryRouter, Route } from '@solidjs/router';
import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { expect, onTestFinished, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { SessionProvider } from '../session/session.tsx';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { useActions } from './actions.tsx';
import { Keys } from './Keys.tsx';
import { closeLayer, openPalette } from './palette-layer.ts';

const open = () => {
  const retry = vi.fn();
  const denied = vi.fn();
  onTestFinished(closeLayer);
  const Page = () => {
    useActions(() => [
      { id: 'retry', words: 'Retry the run', key: 'r', run: retry },
      { id: 'cancel', words: 'Cancel the run', key: 'c', run: denied, denied: 'run:cancel' },
    ]);
    return (
      <>
        <label>
          Note <input />
        </label>
        <a href="#row">Row</a>
        <Keys />
      </>
    );
  };
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient()}>
      <SessionProvider>
        <MemoryRouter>
          <Route path="*" component={Page} />
        </MemoryRouter>
      </SessionProvider>
    </QueryClientProvider>
  ));
  return { box, retry, denied };
};

const dialog = () => document.querySelector<HTMLElement>('[role=dialog]');
const options = () => [...document.querySelectorAll('[role=option]')].map((option) => option.textContent ?? '');

test('the palette lists what can be done here; what one may not, and pages one may not see, are absent', async () => {
  const { retry } = open();
  openPalette();
  await expect.poll(options).toContain('Retry the runr');
  expect(options().join()).not.toContain('Cancel the run');
  expect(options()).not.toContain('Users');
  await expectAccessible(dialog() as HTMLElement);
  await userEvent.keyboard('retry{Enter}');
  await expect.poll(() => retry.mock.calls.length).toBe(1);
  await expect.poll(dialog).toBe(null);
});

test('the palette gives the focus back to where it was, before what was chosen is done', async () => {
  const { box, retry } = open();
  const row = box.querySelector('a') as HTMLElement;
  row.focus();
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.poll(() => document.activeElement?.getAttribute('role')).toBe('combobox');
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => document.activeElement).toBe(row);
  let found: Element | null = null;
  retry.mockImplementation(() => {
    found = document.activeElement;
  });
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.poll(() => document.activeElement?.getAttribute('role')).toBe('combobox');
  await userEvent.keyboard('retry{Enter}');
  await expect.poll(() => found).toBe(row);
});

test('keys do what the page says, not while one types or with a modifier, and never what one may not', async () => {
  const { box, retry, denied } = open();
  await userEvent.keyboard('rc');
  expect([retry.mock.calls.length, denied.mock.calls.length]).toEqual([1, 0]);
  await userEvent.keyboard('{Control>}r{/Control}');
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'r', isComposing: true }));
  box.querySelector('input')?.focus();
  await userEvent.keyboard('r');
  expect(retry).toHaveBeenCalledOnce();
  expect(box.querySelector('input')?.value).toBe('r');
});

test('every key is shown, and single keys can be switched off', async () => {
  const { retry } = open();
  await userEvent.keyboard('?');
  await expect.poll(() => dialog()?.textContent ?? '').toContain('Retry the run');
  await expectAccessible(dialog() as HTMLElement);
  await userEvent.keyboard(' ');
  await userEvent.keyboard('{Escape}');
  await expect.poll(dialog).toBe(null);
  await userEvent.keyboard('r');
  expect(retry).not.toHaveBeenCalled();
  localStorage.clear();
});
