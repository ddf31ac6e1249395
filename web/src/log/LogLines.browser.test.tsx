import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import type { LogLine } from '../api/views.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { type Jump, LogLines } from './LogLines.tsx';

const line = (n: number, more: Partial<LogLine> = {}): LogLine => ({
  n,
  at: '2026-10-25T01:00:03.204Z',
  stream: 'stdout',
  level: 'info',
  text: `line ${n}`,
  attempt: 1,
  ...more,
});

const show = (total: number, lineAt: (n: number) => LogLine | undefined = line) => {
  const [jump, goTo] = createSignal<Jump>({ line: total, align: 'end' });
  const [wrap, setWrap] = createSignal(false);
  const setFollow = vi.fn();
  const box = draw(() => (
    <div class="flex h-80 flex-col bg-log">
      <LogLines
        step="show"
        total={total}
        lineAt={lineAt}
        show={() => undefined}
        wrap={wrap()}
        target={0}
        jump={jump()}
        goTo={goTo}
        setFollow={setFollow}
      />
    </div>
  ));
  const log = box.querySelector('[role=log]') as HTMLElement;
  return { box, log, goTo, setWrap, setFollow };
};

test('a log of a million lines opens at its end with only the lines on screen drawn', async () => {
  const { box, log } = show(1_000_000);
  await expect.poll(() => log.textContent).toContain('line 1000000');
  expect(log.querySelectorAll('[data-index]').length).toBeLessThan(80);
  await expectAccessible(box);
});

test('any line can be gone to, also in another part of a long log', async () => {
  const { log, goTo } = show(1_000_000);
  goTo({ line: 123_456, align: 'center' });
  await expect.poll(() => log.textContent).toContain('line 123456');
  goTo({ line: 1, align: 'start' });
  await expect.poll(() => log.textContent).toContain('line 1');
});

test('scrolling up stops following, coming back to the end takes it up again', async () => {
  const { log, setFollow } = show(5000);
  await expect.poll(() => log.textContent).toContain('line 5000');
  log.scrollTop -= 1000;
  await expect.poll(() => setFollow.mock.calls.at(-1)).toEqual([false]);
  log.scrollTop = log.scrollHeight;
  await expect.poll(() => setFollow.mock.calls.at(-1)).toEqual([true]);
});

test('wrapping makes room for long lines, and taking it back takes the room back', async () => {
  const { log, setWrap } = show(3, (n) => line(n, { text: 'word '.repeat(n === 2 ? 400 : 1) }));
  const heights = () => [...log.querySelectorAll('[data-index]')].map((row) => row.getBoundingClientRect().height);
  await expect.poll(heights).toEqual([20, 20, 20]);
  setWrap(true);
  await expect.poll(() => heights()[1]).toBeGreaterThan(20);
  await expect
    .poll(() => log.querySelectorAll('[data-index]')[2]?.getBoundingClientRect().top)
    .toBe(log.querySelectorAll('[data-index]')[1]?.getBoundingClientRect().bottom);
  setWrap(false);
  await expect.poll(heights).toEqual([20, 20, 20]);
});

test('what a process prints is text, whatever it holds', async () => {
  const texts = [
    '<img src=x onerror=alert(1)>',
    '\x1b[31mred\x1b[0m',
    'a\0b\u202ec',
    'x'.repeat(1_000_000),
    'javascript:alert(1) https://a.example/',
  ];
  const { box, log } = show(texts.length, (n) =>
    line(n, { text: texts[n - 1] ?? '', stream: n === 2 ? 'stderr' : 'stdout', level: n === 3 ? 'error' : 'info' }),
  );
  await expect.poll(() => log.textContent).toContain('<img src=x onerror=alert(1)>');
  expect(log.querySelector('img')).toBeNull();
  expect(log.querySelector('.ansi-1')?.textContent).toBe('red');
  expect(log.textContent).toContain('a␀b⟨202E⟩c');
  expect(log.textContent).toContain('983,616 more characters');
  expect([...log.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual(['https://a.example/']);
  await expectAccessible(box);
});
