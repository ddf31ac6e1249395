import type { Action } from './action.ts';

const IN_A_ROW_MS = 1000;

/** Finds the action that a key means, alone or as the second of two in a row. */
export const createPresses = () => {
  let first: { readonly key: string; readonly at: number } | null = null;
  return (key: string, at: number, actions: readonly Action[]): Action | null => {
    const before = first && at - first.at < IN_A_ROW_MS ? first.key : null;
    first = null;
    const pair = before === null ? undefined : actions.find((action) => action.key === `${before} ${key}`);
    if (pair) return pair;
    if (actions.some((action) => action.key?.startsWith(`${key} `))) {
      first = { key, at };
      return null;
    }
    return actions.find((action) => action.key === key) ?? null;
  };
};

const NAMES: { readonly [key: string]: string } = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': 'Space',
};

/** The keys to press, as they are drawn: `E` is Shift and e, after ⌘ or Ctrl the letter itself. */
export const keyCaps = (key: string): readonly string[] =>
  /^(⌘|Ctrl) /.test(key)
    ? key.split(' ')
    : key.split(/ (?=.)/).flatMap((one) => (/^[A-Z]$/.test(one) ? ['Shift', one.toLowerCase()] : [NAMES[one] ?? one]));
