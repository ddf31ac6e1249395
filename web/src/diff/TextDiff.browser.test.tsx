import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { TextDiff } from './TextDiff.tsx';

const show = (start: { before: string; after: string }) => {
  const [texts, setTexts] = createSignal(start);
  const box = draw(() => <TextDiff before={texts().before} after={texts().after} beforeLabel="v12" afterLabel="v13" />);
  return { box, setTexts };
};

test('lines that differ stand beside each other with signs, in either layout and theme', async () => {
  const { box } = show({ before: 'a\nport: 22\n', after: 'a\nport: 2222\n' });
  await expect.poll(() => box.querySelectorAll('tbody tr').length).toBeGreaterThan(2);
  expect(box.textContent).toContain('1 line added, 1 line removed');
  expect(box.querySelector('.bg-removed')?.parentElement?.textContent).toContain('− removed port: 22');
  expect(box.querySelector('mark')?.textContent).toBe('22');
  await expectAccessible(box);
  for (const button of box.querySelectorAll('button')) button.click();
  await expectAccessible(box);
});

test('texts that are the same are said to be, and other texts are compared anew', async () => {
  const { box, setTexts } = show({ before: 'a', after: 'a' });
  await expect.poll(() => box.textContent).toContain('The texts are the same.');
  setTexts({ before: 'a', after: 'b' });
  await expect.poll(() => box.textContent).toContain('1 line added, 1 line removed');
});

test('thousands of lines are drawn a part at a time, and too many are refused in words', async () => {
  const many = (count: number, word: string) => Array.from({ length: count }, (_, at) => `${word} ${at}`).join('\n');
  const { box, setTexts } = show({ before: many(5000, 'old'), after: many(5000, 'new') });
  await expect.poll(() => box.querySelectorAll('tbody tr').length).toBe(500);
  expect(box.textContent).toMatch(/Show [\d,]+ more lines/);
  setTexts({ before: many(20_001, 'old'), after: '' });
  expect(box.textContent).toContain('20,001 lines are more than a page compares');
});

test('a comparison that stops says so, and is made again when asked for', async () => {
  const Real = window.Worker;
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const starts = vi.spyOn(window, 'Worker').mockImplementationOnce(function Gone() {
    return new Real('/there-is-no-such-worker.js', { type: 'module' });
  } as never);
  const { box } = show({ before: 'a', after: 'b' });
  await expect.poll(() => box.querySelector('[role="alert"]')?.textContent).toContain('The comparison stopped.');
  expect(said).toHaveBeenCalledOnce();
  starts.mockRestore();
  said.mockRestore();
  box.querySelector<HTMLButtonElement>('[role="alert"] button')?.click();
  await expect.poll(() => box.textContent).toContain('1 line added, 1 line removed');
});

test('what turns or hides text is written out', async () => {
  const { box } = show({ before: '', after: '\u202e<img src=x onerror=alert(1)>\u0000' });
  await expect.poll(() => box.textContent).toContain('⟨U+202E⟩<img src=x onerror=alert(1)>⟨U+0000⟩');
  expect(box.querySelector('img')).toBeNull();
});

test('of a long line the part is drawn in which it differs, and all of it when asked for', async () => {
  const line = (word: string) => `${'x'.repeat(5000)} ${word} ${'y'.repeat(5000)}`;
  const { box } = show({ before: line('old'), after: line('new') });
  await expect.poll(() => [...box.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['old', 'new']);
  expect((box.textContent ?? '').length).toBeLessThan(4000);
  const all = [...box.querySelectorAll('button')].find(({ textContent }) => textContent === 'all 10,005 characters');
  all?.click();
  await expect.poll(() => (box.textContent ?? '').length).toBeGreaterThan(10_000);
  await expectAccessible(box);
});
