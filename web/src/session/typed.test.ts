import { expect, test } from 'vitest';
import { claimTyped, forgetTyped } from './typed.ts';

/** A tab's storage, which may be full. */
const storage = (full = false) => {
  const held = new Map<string, string>([['of.another.page', 'stays']]);
  return {
    held,
    kept: () => ({
      get length() {
        return held.size;
      },
      key: (at: number) => [...held.keys()][at] ?? null,
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => {
        if (full) throw new Error('QuotaExceededError');
        held.set(key, value);
      },
      removeItem: (key: string) => void held.delete(key),
    }),
  };
};

test('what someone typed is there for them again, and for nobody else', () => {
  const { held, kept } = storage();
  claimTyped('ada', kept);
  held.set('capstan.start.edge', 'typed by ada');
  held.set('capstan.schedule.nightly', 'typed by ada');
  claimTyped('ada', kept);
  expect(held.get('capstan.start.edge')).toBe('typed by ada');
  claimTyped('bob', kept);
  expect([...held.keys()].filter((key) => key.startsWith('capstan.'))).toEqual(['capstan.whose']);
  expect(held.get('of.another.page')).toBe('stays');
});

test('what nobody is known to have typed is offered to nobody', () => {
  const { held, kept } = storage();
  held.set('capstan.calendar.', 'typed by someone');
  claimTyped('ada', kept);
  expect(held.has('capstan.calendar.')).toBe(false);
});

test('signing out forgets all of it', () => {
  const { held, kept } = storage();
  claimTyped('ada', kept);
  held.set('capstan.builder.edge', 'typed by ada');
  forgetTyped(kept);
  expect([...held.keys()]).toEqual(['of.another.page']);
});

test('where storage is full or blocked nothing of another is left', () => {
  const { held, kept } = storage(true);
  held.set('capstan.whose', 'ada');
  held.set('capstan.start.edge', 'typed by ada');
  claimTyped('bob', kept);
  expect([...held.keys()]).toEqual(['of.another.page']);
  expect(() =>
    claimTyped('bob', () => {
      throw new Error('SecurityError');
    }),
  ).not.toThrow();
});
