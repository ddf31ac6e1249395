import { expect, test } from 'vitest';
import { createPresses, keyCaps } from './press.ts';

const action = (id: string, key: string) => ({ id, key, words: id, run: () => undefined });
const actions = [action('runs', 'g r'), action('start', 'g g'), action('retry', 'r'), action('end', 'G'), action('second', 'r')];

test('a key means the innermost action that has it, and Shift makes another key', () => {
  const press = createPresses();
  expect(press('r', 0, actions)?.id).toBe('retry');
  expect(press('G', 1, actions)?.id).toBe('end');
  expect(press('q', 2, actions)).toBe(null);
});

test('two keys in a row are one action, but not after a pause, and a first key alone does nothing', () => {
  const press = createPresses();
  expect(press('g', 0, actions)).toBe(null);
  expect(press('r', 900, actions)?.id).toBe('runs');
  expect(press('g', 2000, actions)).toBe(null);
  expect(press('r', 3100, actions)?.id).toBe('retry');
  expect(press('g', 4000, actions)).toBe(null);
  expect(press('g', 4100, actions)?.id).toBe('start');
});

test('keys are drawn as they are pressed', () => {
  expect(keyCaps('g o')).toEqual(['g', 'o']);
  expect(keyCaps('E')).toEqual(['Shift', 'e']);
  expect(keyCaps('Ctrl K')).toEqual(['Ctrl', 'K']);
  expect(keyCaps('Escape')).toEqual(['Esc']);
});
