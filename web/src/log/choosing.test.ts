import { expect, test } from 'vitest';
import { createChoosing } from './choosing.ts';
import type { Stretch } from './folds.ts';

const start = (first: Stretch | null = null) => {
  let now = first;
  const choosing = createChoosing({
    chosen: () => now,
    choose: (lines) => {
      now = lines;
    },
    lines: () => 100,
    top: () => 40,
    beside: (line, by) => line + by,
  });
  const key = (name: string, more: Partial<KeyboardEvent> = {}) =>
    choosing.key({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more } as KeyboardEvent);
  return { ...choosing, key, chosen: () => now };
};

test('a click chooses a line, a click with Shift all lines up to it, in either direction', () => {
  const { click, chosen } = start();
  click(20, false);
  expect(chosen()).toEqual({ from: 20, to: 20 });
  click(30, true);
  expect(chosen()).toEqual({ from: 20, to: 30 });
  click(10, true);
  expect(chosen()).toEqual({ from: 10, to: 20 });
  click(5, false);
  click(5, false);
  expect(chosen()).toBeNull();
});

test('Shift and arrows choose from the top line on, and take back', () => {
  const { key, chosen } = start();
  expect(key('ArrowDown')).toBe(false);
  for (let times = 0; times < 3; times += 1) expect(key('ArrowDown', { shiftKey: true })).toBe(true);
  expect(chosen()).toEqual({ from: 40, to: 42 });
  for (let times = 0; times < 4; times += 1) key('ArrowUp', { shiftKey: true });
  expect(chosen()).toEqual({ from: 38, to: 40 });
  key('ArrowDown');
  expect(chosen()).toEqual({ from: 39, to: 39 });
  expect(key('Escape')).toBe(true);
  expect(chosen()).toBeNull();
  expect(key('Escape')).toBe(false);
});

test('lines that the address chose are extended from their first', () => {
  const { click, chosen } = start({ from: 10, to: 20 });
  click(30, true);
  expect(chosen()).toEqual({ from: 10, to: 30 });
});

test('all lines are chosen at once', () => {
  const { key, chosen } = start();
  expect(key('a', { ctrlKey: true })).toBe(true);
  expect(chosen()).toEqual({ from: 1, to: 100 });
});
