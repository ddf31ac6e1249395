import type { CharTest } from './char-set.ts';
import type { Try } from './compile.ts';
import type { Repeat } from './nodes.ts';
import type { RunState } from './run-state.ts';

/** A repetition of something one character wide: counted in a loop, then the rest is tried at each length. `following` is the literal that must come next, or -1. */
export function repeatOne(repeat: Repeat, test: CharTest, next: Try, following: number, state: RunState): Try {
  const { min, max } = repeat;
  const count = (ptr: number, most: number): number => {
    const { codes } = state;
    const limit = Math.min(state.end, ptr + most);
    let at = ptr;
    while (at < limit && test(codes[at] ?? 0)) at++;
    state.spend(at - ptr + 1);
    return at - ptr;
  };
  if (repeat.kind === 'possessive') {
    return (ptr) => {
      const found = count(ptr, max);
      return found >= min && next(ptr + found);
    };
  }
  return repeat.kind === 'greedy' ? greedy(count, min, max, next, following, state) : lazy(count, min, max, next, state);
}

type Count = (ptr: number, most: number) => number;

function greedy(count: Count, min: number, max: number, next: Try, following: number, state: RunState): Try {
  return (ptr) => {
    const found = count(ptr, max);
    if (found < min) return false;
    const { codes } = state;
    const held = state.hold();
    let matched = false;
    for (let at = ptr + found; at >= ptr + min && !matched; at--) {
      if (following >= 0 && codes[at] !== following) continue;
      state.spend(1);
      matched = next(at);
      if (!matched) state.undo(held);
    }
    state.forget(held);
    return matched;
  };
}

function lazy(count: Count, min: number, max: number, next: Try, state: RunState): Try {
  return (ptr) => {
    if (min > 0 && count(ptr, min) < min) return false;
    const held = state.hold();
    let matched = false;
    for (let found = min; found <= max; found++) {
      matched = next(ptr + found);
      if (matched) break;
      state.undo(held);
      if (count(ptr + found, 1) === 0) break;
    }
    state.forget(held);
    return matched;
  };
}
