import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Broken } from '../frame/Broken.tsx';
import { ErrorBoundary } from '../solid.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { drawAt } from '../testing/place.tsx';
import { LateButton, type LateLayerProps } from './LateButton.tsx';
import { Menu, MenuItem } from './Menu.tsx';

const Layer = (props: LateLayerProps & { done: (what: string) => void }) => (
  <Menu class={props.class} worded trigger={props.face} opening={props.opening}>
    <MenuItem onSelect={() => props.done('first')}>First</MenuItem>
    <MenuItem onSelect={() => props.done('last')}>Last</MenuItem>
  </Menu>
);

/** A button whose menu's code comes when the test lets it. */
const show = () => {
  const code = Promise.withResolvers<typeof Layer>();
  const done = vi.fn();
  const load = vi.fn(() => code.promise);
  const box = draw(() => (
    <LateButton opens="menu" class="button" face="More" load={load}>
      {(Here, opening) => <Here class="button" face="More" opening={opening} done={done} />}
    </LateButton>
  ));
  const button = () => box.querySelector('button') as HTMLButtonElement;
  const items = () => [...document.querySelectorAll<HTMLElement>('[role=menuitem]')];
  return { box, button, items, done, load, come: () => code.resolve(Layer) };
};

test('pressed before its code is there, a button says that it is busy, and opens what it is for when it comes', async () => {
  const { box, button, items, come, done } = show();
  await expectAccessible(box);
  await userEvent.click(button());
  expect(button().getAttribute('aria-busy')).toBe('true');
  expect(items()).toEqual([]);
  come();
  await expect.poll(() => items().map(({ textContent }) => textContent)).toEqual(['First', 'Last']);
  expect(button().getAttribute('aria-expanded')).toBe('true');
  await userEvent.click(items()[1] as HTMLElement);
  await expect.poll(() => done.mock.calls).toEqual([['last']]);
  await expect.poll(() => document.activeElement).toBe(button());
});

test.each([
  ['{Enter}', 'First'],
  ['{ArrowUp}', 'Last'],
])('its code is brought when it has the focus, and %s begins at the entry %s', async (key, entry) => {
  const { button, load, come } = show();
  expect(load).not.toHaveBeenCalled();
  button().focus();
  expect(load).toHaveBeenCalled();
  come();
  await userEvent.keyboard(key);
  await expect.poll(() => document.activeElement?.textContent).toBe(entry);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => document.activeElement).toBe(button());
});

test('code that is gone after an update is told as that by the page, and only to who asked for it', async () => {
  const load = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module: /assets/layers-1.js'));
  const page = () => (
    <ErrorBoundary fallback={(error, reset) => <Broken error={error} reset={reset} />}>
      <LateButton opens="menu" class="button" face="More" load={load}>
        {() => undefined}
      </LateButton>
    </ErrorBoundary>
  );
  const { box } = drawAt('/runs', [{ path: '/runs', page }]);
  await expect.poll(() => box.querySelector('button')).not.toBeNull();
  const button = box.querySelector('button') as HTMLButtonElement;
  button.focus();
  expect(box.textContent).toBe('More');
  await userEvent.click(button);
  await expect.poll(() => box.querySelector('h1')?.textContent).toBe('Capstan was updated.');
});
