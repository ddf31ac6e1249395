import { createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { Confirm } from './Confirm.tsx';
import { Menu, MenuItem } from './Menu.tsx';

const Asking = () => {
  const [asked, setAsked] = createSignal(false);
  return (
    <>
      <Menu label="More" heading="Ways to go on" trigger="…">
        <MenuItem onSelect={() => setAsked(true)}>Cancel…</MenuItem>
        <MenuItem onSelect={() => undefined} lacks="run:delete">
          Delete…
        </MenuItem>
      </Menu>
      <Confirm open={asked()} title="Cancel?" keep="Let it run" act="Cancel" close={() => setAsked(false)} run={async () => {}} />
    </>
  );
};

const focused = () => document.activeElement?.textContent;
const one = (selector: string) => document.querySelector<HTMLElement>(selector) as HTMLElement;

test.each(['mouse', 'keys'])(
  'a question that a menu opens by %s has the focus, and gives it back to the button of the menu',
  async (how) => {
    const box = draw(() => <Asking />);
    const button = box.querySelector('button') as HTMLButtonElement;
    if (how === 'mouse') await userEvent.click(button);
    else {
      button.focus();
      await userEvent.keyboard('{Enter}');
    }
    await expect.poll(() => one('[role=menu]')).not.toBe(null);
    if (how === 'mouse') {
      await expectAccessible(one('[role=menu]'));
      await userEvent.click(one('[role=menuitem]'));
    } else {
      await expect.poll(focused).toBe('Cancel…');
      await userEvent.keyboard('{Enter}');
    }
    await expect.poll(() => one('[role=dialog]')).not.toBe(null);
    await expect.poll(focused).toBe('Let it run');
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => one('[role=dialog]')).toBe(null);
    await expect.poll(focused).toBe('…');
  },
);

test('a menu that does not open now keeps the focus of its button, and opens again later', async () => {
  const [barred, setBarred] = createSignal(false);
  const box = draw(() => (
    <Menu worded trigger="Export" title={barred() ? 'Choose fewer.' : 'As a file'} barred={barred()}>
      <MenuItem onSelect={() => undefined}>CSV</MenuItem>
    </Menu>
  ));
  const button = box.querySelector('button') as HTMLButtonElement;
  button.focus();
  setBarred(true);
  for (const key of ['{Enter}', ' ', '{ArrowDown}']) await userEvent.keyboard(key);
  await userEvent.click(button, { force: true });
  expect([document.activeElement, button.title, button.ariaDisabled, button.ariaExpanded]).toEqual([
    button,
    'Choose fewer.',
    'true',
    'false',
  ]);
  expect(one('[role=menu]')).toBe(null);
  await expectAccessible(box);
  setBarred(false);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => one('[role=menu]')).not.toBe(null);
  await expect.poll(() => one('[role=menu]').contains(document.activeElement)).toBe(true);
});
