import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import type { LogLine } from '../api/views.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { type Jump, Lines } from './Lines.tsx';
import { LogRow } from './LogRow.tsx';

const line = (n: number, more: Partial<LogLine> = {}): LogLine => ({
  n,
  at: '2026-10-25T01:00:03.204Z',
  stream: 'stdout',
  level: 'info',
  text: `line ${n}`,
  attempt: 1,
  ...more,
});

const show = (first: number, lineOf: (row: number) => LogLine = (row) => line(row + 1)) => {
  const [count, setCount] = createSignal(first);
  const [jump, goTo] = createSignal<Jump>({ row: first - 1, align: 'end' });
  const [wrap, setWrap] = createSignal(false);
  const [kept, keep] = createSignal<readonly number[]>([]);
  const [follow, setFollow] = createSignal(true);
  const followed = vi.fn((on: boolean) => setFollow(on));
  const box = draw(() => (
    <div class="flex h-80 w-160 flex-col bg-log" style={{ '--gutter': '8ch' }}>
      <Lines
        label="Log of show"
        of="show"
        count={count()}
        row={(row) => (
          <LogRow
            n={row + 1}
            line={lineOf(row)}
            wrap={wrap()}
            time="clock"
            start={null}
            selected={row === 1}
            hit={row === 2 ? 'current' : null}
            find="image"
            matchCase={false}
            begins={null}
            group={undefined}
          />
        )}
        wrap={wrap()}
        jump={jump()}
        follow={follow()}
        setFollow={followed}
        shown={() => undefined}
        kept={kept()}
        ref={() => undefined}
        onKeyDown={() => undefined}
        onCopy={() => undefined}
      />
    </div>
  ));
  const log = box.querySelector('[role=log]') as HTMLElement;
  const numbers = () => [...log.querySelectorAll('[data-row]')].map((row) => Number((row as HTMLElement).dataset.row) + 1);
  /** Lines whose rows lie in the box. */
  const seen = () => {
    const { top, bottom } = log.getBoundingClientRect();
    const rows = [...log.querySelectorAll<HTMLElement>('[data-row]')];
    const inside = rows.filter((row) => row.getBoundingClientRect().bottom > top + 1 && row.getBoundingClientRect().top < bottom - 1);
    return inside.map((row) => Number(row.dataset.row) + 1);
  };
  return { box, log, goTo, setWrap, setCount, keep, followed, numbers, seen };
};

test('a log of ten million lines opens at its end with only the lines on screen drawn', async () => {
  const { box, log, numbers, seen } = show(10_000_000);
  await expect.poll(() => seen().at(-1)).toBe(10_000_000);
  expect(numbers().length).toBeLessThan(80);
  expect(log.scrollHeight).toBeLessThan(33_000_000);
  await expectAccessible(box);
});

test('any line of it can be gone to, and scrolled from line by line', async () => {
  const { log, goTo, seen } = show(10_000_000);
  goTo({ row: 4_999_999, align: 'start' });
  await expect.poll(() => seen()[0]).toBe(5_000_000);
  for (let times = 0; times < 5; times += 1) {
    const before = seen()[0];
    log.scrollTop += 40;
    await expect.poll(() => seen()[0]).toBe((before ?? 0) + 2);
  }
  goTo({ row: 0, align: 'start' });
  await expect.poll(() => seen()[0]).toBe(1);
  log.scrollTop = log.scrollHeight;
  await expect.poll(() => seen().at(-1)).toBe(10_000_000);
});

test('scrolling up stops following, coming back to the end takes it up again', async () => {
  const { log, followed, seen, setCount } = show(5000);
  await expect.poll(() => seen().at(-1)).toBe(5000);
  setCount(5100);
  await expect.poll(() => seen().at(-1)).toBe(5100);
  log.scrollTop -= 1000;
  await expect.poll(() => followed.mock.calls.at(-1)).toEqual([false]);
  const top = seen()[0];
  setCount(6000);
  expect(seen()[0]).toBe(top);
  log.scrollTop = log.scrollHeight;
  await expect.poll(() => followed.mock.calls.at(-1)).toEqual([true]);
});

test('going to a line on the last screen is not taken for the reader coming to the end', async () => {
  const { goTo, followed, seen } = show(5000);
  await expect.poll(() => seen().at(-1)).toBe(5000);
  goTo({ row: 1000, align: 'start' });
  await expect.poll(() => seen()[0]).toBe(1001);
  followed.mockClear();
  goTo({ row: 4995, align: 'center' });
  await expect.poll(() => seen().at(-1)).toBe(5000);
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  expect(followed.mock.calls).toEqual([]);
});

test('wrapping makes room for long lines, and taking it back takes the room back', async () => {
  const { log, setWrap } = show(3, (row) => line(row + 1, { text: 'word '.repeat(row === 1 ? 100 : 1) }));
  const rows = () => [...log.querySelectorAll('[data-row]')].map((row) => row.getBoundingClientRect());
  const heights = () => rows().map(({ height }) => height);
  await expect.poll(heights).toEqual([20, 20, 20]);
  setWrap(true);
  await expect.poll(() => heights()[1]).toBeGreaterThan(20);
  await expect.poll(() => rows()[2]?.top).toBe(rows()[1]?.bottom);
  setWrap(false);
  await expect.poll(heights).toEqual([20, 20, 20]);
  await expect.poll(() => rows()[2]?.top).toBe(rows()[1]?.bottom);
});

test('the row in which a selection began stays, in its place, however far the reader scrolls', async () => {
  const { goTo, keep, numbers } = show(5000);
  goTo({ row: 100, align: 'start' });
  keep([105]);
  goTo({ row: 4000, align: 'start' });
  await expect.poll(() => numbers()[0]).toBe(106);
  expect(
    numbers()
      .slice(1)
      .every((n) => n > 3900),
  ).toBe(true);
});

test('what a process prints is text, whatever it holds', async () => {
  const texts = [
    '<img src=x onerror=alert(1)> image',
    '\x1b[31mred\x1b[0m',
    'a\0b\u202ec',
    'x'.repeat(1_000_000),
    'javascript:alert(1) https://a.example/',
  ];
  const { box, log } = show(texts.length, (row) =>
    line(row + 1, { text: texts[row] ?? '', stream: row === 1 ? 'stderr' : 'stdout', level: row === 2 ? 'error' : 'info' }),
  );
  await expect.poll(() => log.textContent).toContain('<img src=x onerror=alert(1)>');
  expect(log.querySelector('img')).toBeNull();
  expect(log.querySelector('.ansi-1')?.textContent).toBe('red');
  expect(log.textContent).toContain('a⟨NUL⟩b⟨202E⟩c');
  expect(log.textContent).toContain('983,616 more characters');
  expect([...log.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual(['https://a.example/']);
  await expectAccessible(box);
});
