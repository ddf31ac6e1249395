import { expect, test } from 'vitest';
import type { Json } from '#jobs/json.ts';
import { draw, expectAccessible } from '../../../testing/draw.tsx';
import { ValueView } from './ValueView.tsx';

const show = (value: Json) => draw(() => <ValueView name="report" value={value} />);
const press = (box: HTMLElement, words: string) => [...box.querySelectorAll('button')].find((one) => one.textContent === words)?.click();

test('a list of alike objects is a table with numbers to the right, and JSON on wish', async () => {
  const rows = Array.from({ length: 120 }, (_, n) => ({ port: `ge-${n}`, errors: n }));
  const box = show(rows);
  expect(box.querySelectorAll('tbody tr')).toHaveLength(50);
  expect(box.querySelector('tbody td:nth-child(2)')?.className).toContain('text-right');
  press(box, 'Show 70 more');
  expect(box.querySelectorAll('tbody tr')).toHaveLength(120);
  await expectAccessible(box);
  press(box, 'JSON');
  await expect.poll(() => box.querySelector('[role=tree]')?.textContent).toContain('[120]');
});

test('Markdown is drawn from text nodes: nothing in it becomes markup or a dangerous link', async () => {
  const box = show(
    '# Done\n\n**3** hosts <img src=x onerror=alert(1)> [site](https://example.org) [bad](javascript:alert(1))\n\n- one\n- two',
  );
  expect(box.querySelector('[role=heading]')?.textContent).toBe('Done');
  expect(box.querySelector('strong')?.textContent).toBe('3');
  expect(box.querySelector('img')).toBeNull();
  expect([...box.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual(['https://example.org']);
  expect(box.textContent).toContain('[bad](javascript:alert(1))');
  await expectAccessible(box);
  press(box, 'As written');
  expect(box.textContent).toContain('# Done');
});

test('a JSON tree opens and closes by keys, keeps the focus, and draws only what is seen of it', async () => {
  const box = show({ hosts: { ber: { up: true } }, list: Array.from({ length: 5_000 }, (_, n) => n) });
  const item = (name: string) => [...box.querySelectorAll<HTMLElement>('[role=treeitem]')].find((one) => one.textContent?.startsWith(name));
  const key = (name: string) => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
  await expect.poll(() => item('list')).toBeDefined();
  await expectAccessible(box);
  item('list')?.focus();
  key('ArrowRight');
  await expect.poll(() => item('list')?.ariaExpanded).toBe('true');
  expect(document.activeElement).toBe(item('list'));
  expect(box.querySelectorAll('[role=treeitem]').length).toBeLessThan(80);
  key('ArrowLeft');
  await expect.poll(() => item('list')?.ariaExpanded).toBe('false');
});

test('the line that has the focus stays while the tree is scrolled, so that keys go on from it', async () => {
  const box = show({ list: Array.from({ length: 5_000 }, (_, n) => n) });
  const item = (name: string) => [...box.querySelectorAll<HTMLElement>('[role=treeitem]')].find((one) => one.textContent?.startsWith(name));
  await expect.poll(() => item('list')).toBeDefined();
  item('list')?.click();
  item('list')?.focus();
  await expect.poll(() => item('3')?.ariaPosInSet).toBe('4');
  const scroller = box.querySelector('[role=tree]')?.parentElement as HTMLElement;
  scroller.scrollTop = 60_000;
  await expect.poll(() => item('2500')).toBeDefined();
  expect(document.activeElement).toBe(item('list'));
  expect(item('list')?.tabIndex).toBe(0);
});

test('a megabyte of hostile text stays bounded text', () => {
  const box = show(`\u0000\u202e<b>x</b>\n${'y'.repeat(1_000_000)}`);
  expect(box.querySelector('b')).toBeNull();
  expect((box.textContent ?? '').length).toBeLessThan(10_000);
  expect(box.textContent).toContain('⟨U+0000⟩');
});
