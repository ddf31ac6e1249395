import type { Random } from './random.ts';

const ATOMS =
  'a b c x - . \\w \\s \\d \\S \\b \\B ^ $ \\Z [ab] [^a] [\\w.-] (?:a|b) (?i:B) (?=a) (?!b) (?<=a) (?<!b) (?=(a)) (?<=(b))'.split(' ');
const REPEATS = '* + ? *? +? ?? {2} {1,2} {,2} {0,1}? {1,}'.split(' ');

/**
 * A pattern of everything but atomic groups and possessive repeats, in which Debian's Python 3.11.2 has faults that later releases mend.
 * Some refer to groups that are open or unknown, and are refused.
 */
export const randomPattern = (random: Random): string => new Writer(random).sequence(3);

/** A text of the characters that the patterns speak of. */
export const randomText = (random: Random): string =>
  Array.from({ length: random.below(8) }, () => random.pick(['a', 'b', 'a', 'b', 'B', 'c', ' ', '1', '-', 'x'])).join('');

class Writer {
  readonly #random: Random;
  #groups = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  sequence(depth: number): string {
    const random = this.#random;
    return Array.from({ length: 1 + random.below(3) }, () => this.#part(depth) + (random.chance(0.4) ? random.pick(REPEATS) : '')).join('');
  }

  #part(depth: number): string {
    const random = this.#random;
    switch (random.below(depth > 0 ? 11 : 4)) {
      case 4:
      case 5:
        this.#groups += 1;
        return `(${this.sequence(depth - 1)})`;
      case 6:
        return `(?:${this.sequence(depth - 1)}|${this.sequence(depth - 1)}${random.chance(0.3) ? '|' : ''})`;
      case 7:
        this.#groups += 1;
        return `(${this.sequence(depth - 1)}|${this.sequence(depth - 1)})`;
      case 8:
        return `(?:${this.sequence(depth - 1)})`;
      case 9:
        return this.#reference();
      case 10:
        return `${random.pick(['(?=', '(?!'])}${this.sequence(depth - 1)})`;
      default:
        return random.pick(ATOMS);
    }
  }

  #reference(): string {
    const group = 1 + this.#random.below(this.#groups + 1);
    return this.#random.chance(0.5) ? `\\${group}(?:)` : `(?(${group})a|b)`;
  }
}
