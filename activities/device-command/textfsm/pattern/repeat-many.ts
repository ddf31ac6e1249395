import type { Try } from './compile.ts';
import type { Repeat } from './nodes.ts';
import type { Iteration, RunState } from './run-state.ts';

/** A repetition of something wider than a character: each round ends in a decision between one more and going on. */
export function repeatMany(repeat: Repeat, compileBody: (until: Try) => Try, next: Try, state: RunState): Try {
  const until: Try = (ptr) => decide(ptr);
  const body = compileBody(until);
  const decide = repeat.kind === 'lazy' ? lazyUntil(repeat, body, next, state) : greedyUntil(repeat, body, next, state);
  return (ptr) => {
    const outer = state.repeat;
    state.repeat = { count: -1, last: -1, outer };
    const matched = until(ptr);
    state.repeat = outer;
    return matched;
  };
}

const currentOf = (state: RunState): Iteration => {
  if (!state.repeat) throw new Error('a round of a repetition ends outside of it');
  return state.repeat;
};

/** One of the rounds that must be. */
function mustRound(ptr: number, iteration: Iteration, count: number, body: Try): boolean {
  iteration.count = count;
  if (body(ptr)) return true;
  iteration.count = count - 1;
  return false;
}

/** A further round, remembered by where it begins: an empty one is not followed by another. */
function oneMore(ptr: number, iteration: Iteration, count: number, body: Try): boolean {
  const { last } = iteration;
  iteration.count = count;
  iteration.last = ptr;
  const matched = body(ptr);
  iteration.last = last;
  return matched;
}

function greedyUntil({ min, max }: Repeat, body: Try, next: Try, state: RunState): Try {
  return (ptr) => {
    const iteration = currentOf(state);
    const count = iteration.count + 1;
    state.spend(1);
    if (count < min) return mustRound(ptr, iteration, count, body);
    if (count < max && ptr !== iteration.last) {
      const { lastMark } = state;
      state.push(lastMark);
      const matched = oneMore(ptr, iteration, count, body);
      if (!matched) state.restore(lastMark);
      state.drop(lastMark);
      if (matched) return true;
      state.lastMark = lastMark;
      iteration.count = count - 1;
    }
    state.repeat = iteration.outer;
    const matched = next(ptr);
    state.repeat = iteration;
    return matched;
  };
}

function lazyUntil({ min, max }: Repeat, body: Try, next: Try, state: RunState): Try {
  return (ptr) => {
    const iteration = currentOf(state);
    const count = iteration.count + 1;
    state.spend(1);
    if (count < min) return mustRound(ptr, iteration, count, body);
    state.repeat = iteration.outer;
    const held = state.hold();
    const matched = next(ptr);
    if (!matched) state.undo(held);
    state.forget(held);
    state.repeat = iteration;
    if (matched) return true;
    if (count >= max || ptr === iteration.last) return false;
    if (oneMore(ptr, iteration, count, body)) return true;
    iteration.count = count - 1;
    return false;
  };
}

/** A repetition that gives nothing back: each round is matched for itself. */
export function possessive({ min, max }: Repeat, body: Try, next: Try, state: RunState): Try {
  return (ptr) => {
    let at = ptr;
    let count = 0;
    for (; count < min; count++) {
      state.spend(1);
      if (!body(at)) return false;
      at = state.reached;
    }
    for (let last = -1; count < max && at !== last; count++) {
      const { lastMark } = state;
      state.spend(1);
      state.push(lastMark);
      last = at;
      const matched = body(at);
      if (!matched) state.restore(lastMark);
      state.drop(lastMark);
      if (!matched) {
        state.lastMark = lastMark;
        break;
      }
      at = state.reached;
    }
    return next(at);
  };
}
