import { PatternError } from './nodes.ts';

/** The pattern as its reader walks it: a character at a time, a backslash together with what it escapes. Positions count code points, as Python's do. */
export class Source {
  readonly #chars: readonly string[];
  #index = 0;
  #next: string | null = null;

  constructor(pattern: string) {
    this.#chars = Array.from(pattern);
    this.#advance();
  }

  get next(): string | null {
    return this.#next;
  }

  #advance(): void {
    const char = this.#chars[this.#index];
    if (char === undefined) {
      this.#next = null;
      return;
    }
    if (char !== '\\') {
      this.#index += 1;
      this.#next = char;
      return;
    }
    const escaped = this.#chars[this.#index + 1];
    if (escaped === undefined) throw new PatternError(`bad escape (end of pattern) at position ${this.#chars.length - 1}`);
    this.#index += 2;
    this.#next = char + escaped;
  }

  get(): string | null {
    const taken = this.#next;
    this.#advance();
    return taken;
  }

  /** Takes the next token if it is this one. */
  take(token: string): boolean {
    if (this.#next !== token) return false;
    this.#advance();
    return true;
  }

  /** Up to `count` characters of a kind. */
  takeWhile(count: number, kind: RegExp): string {
    let taken = '';
    for (let i = 0; i < count && this.#next !== null && kind.test(this.#next); i++) taken += this.get();
    return taken;
  }

  takeUntil(terminator: string, what: string): string {
    let taken = '';
    for (;;) {
      const token = this.get();
      if (token === null) {
        throw taken === ''
          ? this.error(`missing ${what}`)
          : this.error(`missing ${terminator}, unterminated name`, Array.from(taken).length);
      }
      if (token === terminator) {
        if (taken === '') throw this.error(`missing ${what}`, 1);
        return taken;
      }
      taken += token;
    }
  }

  tell(): number {
    return this.#index - Array.from(this.#next ?? '').length;
  }

  seek(index: number): void {
    this.#index = index;
    this.#advance();
  }

  /** The complaint about what stands `back` characters before here. */
  error(message: string, back = 0): PatternError {
    return new PatternError(`${message} at position ${this.tell() - back}`);
  }
}
