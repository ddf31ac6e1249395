/** One run of a repetition, alive while its body or what follows is tried. */
export interface Iteration {
  count: number;
  /** Where the last round began; -1 before the first. */
  last: number;
  readonly outer: Iteration | null;
}

/** A match that took more work than allowed, or more nesting than the stack holds. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/**
 * What a match in progress knows. Groups are kept as Python keeps them, down to which of them a failed try restores: two marks a group, valid up to
 * `lastMark`; inside repetitions they are also saved and put back.
 */
export class RunState {
  codes: ArrayLike<number> = [];
  end = 0;
  readonly marks: Int32Array;
  lastMark = -1;
  repeat: Iteration | null = null;
  /** Where the part that just matched ended. */
  reached = 0;
  steps = 0;
  readonly #saved: number[] = [];

  constructor(groups: number) {
    this.marks = new Int32Array(groups * 2);
  }

  begin(codes: ArrayLike<number>, steps: number): void {
    this.codes = codes;
    this.end = codes.length;
    this.lastMark = -1;
    this.repeat = null;
    this.steps = steps;
    this.#saved.length = 0;
  }

  spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) throw new TooMuchWork('the match takes more steps than allowed');
  }

  mark(index: number, ptr: number): void {
    if (index > this.lastMark) {
      this.marks.fill(-1, this.lastMark + 1, index);
      this.lastMark = index;
    }
    this.marks[index] = ptr;
  }

  /** The span of a closed group, as a back-reference sees it; null when it took no part. */
  span(group: number): readonly [number, number] | null {
    const at = (group - 1) * 2;
    if (at >= this.lastMark) return null;
    const from = this.marks[at] ?? -1;
    const to = this.marks[at + 1] ?? -1;
    return from < 0 || to < from ? null : [from, to];
  }

  /** Remembers the groups before several things are tried; what it answers goes to `undo` after each failure and to `forget` at the end. */
  hold(): number {
    if (this.repeat) this.push(this.lastMark);
    return this.lastMark;
  }

  undo(held: number): void {
    if (this.repeat) this.restore(held);
    this.lastMark = held;
  }

  forget(held: number): void {
    if (this.repeat) this.drop(held);
  }

  push(lastMark: number): void {
    for (let i = 0; i <= lastMark; i++) this.#saved.push(this.marks[i] ?? -1);
  }

  /** Puts the marks back as they were pushed, and keeps them for another try. */
  restore(lastMark: number): void {
    const base = this.#saved.length - lastMark - 1;
    for (let i = 0; i <= lastMark; i++) this.marks[i] = this.#saved[base + i] ?? -1;
  }

  drop(lastMark: number): void {
    this.#saved.length -= lastMark + 1;
  }
}
