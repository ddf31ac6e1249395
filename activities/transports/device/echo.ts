/** Longest text kept while the echo of a command has not come. */
const LONGEST = 65_536;
/** A line this long scrolls on some devices, so that only its end is ever seen. */
const SCROLLS_FROM = 400;
const END = 24;

/** Finds the echo of a command in what a device writes back: word for word, broken by redrawing, or with its words written out. */
export class Echo {
  readonly #wanted: string;
  readonly #words: readonly string[];
  #seen = '';

  constructor(command: string) {
    const squeezed = squeeze(command);
    this.#wanted = squeezed.length > SCROLLS_FROM ? squeezed.slice(-END) : squeezed;
    this.#words = wordsOf(command);
  }

  /** Whether the echo has come with the end of this line. */
  endsWith(line: string): boolean {
    this.#seen = (this.#seen + squeeze(line)).slice(-LONGEST);
    return this.#seen.includes(this.#wanted) || this.#isWrittenOut(line);
  }

  /** `sh ver` may come back as `show version`, after the prompt. */
  #isWrittenOut(line: string): boolean {
    const words = wordsOf(line).slice(-this.#words.length);
    return words.length === this.#words.length && this.#words.every((word, at) => words[at]?.startsWith(word));
  }
}

const squeeze = (text: string): string => text.replace(/\s/g, '');
const wordsOf = (text: string): readonly string[] => text.slice(0, 2000).split(/\s/).filter(Boolean);
