/** A line over this many bytes is stored in parts. */
export const LONGEST_LINE = 16_384;

/** One line of output, or one part of a line too long to be kept whole: all parts but the last are `continued`. */
export interface OutputLine {
  readonly text: string;
  readonly continued: boolean;
  /** Bytes of the stream up to the end of this line, its newline included. */
  readonly end: number;
}

const NEWLINE = 10;

/** Cuts a byte stream into lines, however it comes; holds at most one part of a line. Bytes that are no UTF-8 become U+FFFD. */
export class LineCutter {
  readonly #outside: (place: number) => number;
  #held: Buffer[] = [];
  #size = 0;
  /** Bytes before the held ones. */
  #passed = 0;

  /** `outside` moves a cut to a place before it at most a few bytes away, where one may be made. */
  constructor(outside: (place: number) => number = (place) => place) {
    this.#outside = outside;
  }

  /** The lines that are complete with these bytes. */
  push(bytes: Buffer): readonly OutputLine[] {
    const lines: OutputLine[] = [];
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      this.#hold(bytes.subarray(from, at), lines);
      lines.push(this.#take(1));
      from = at + 1;
    }
    this.#hold(bytes.subarray(from), lines);
    return lines;
  }

  /** What stands after the last newline, if anything. */
  end(): readonly OutputLine[] {
    return this.#size === 0 ? [] : [this.#take(0)];
  }

  #hold(piece: Buffer, lines: OutputLine[]): void {
    let rest = piece;
    while (this.#size + rest.length > LONGEST_LINE) {
      const line = Buffer.concat([...this.#held, rest.subarray(0, LONGEST_LINE - this.#size)]);
      rest = rest.subarray(LONGEST_LINE - this.#size);
      const cut = this.#outside(this.#passed + characterBoundary(line)) - this.#passed;
      this.#passed += cut;
      lines.push({ text: line.toString('utf8', 0, cut), continued: true, end: this.#passed });
      this.#held = cut < line.length ? [line.subarray(cut)] : [];
      this.#size = line.length - cut;
    }
    if (rest.length === 0) return;
    // A copy, so that a few bytes do not keep a whole network buffer alive.
    this.#held.push(Buffer.from(rest));
    this.#size += rest.length;
  }

  /** What is held as a line, behind which so many bytes end it. */
  #take(ending: number): OutputLine {
    const text = this.#held.length === 1 ? (this.#held[0] ?? Buffer.alloc(0)).toString() : Buffer.concat(this.#held).toString();
    this.#passed += this.#size + ending;
    this.#held = [];
    this.#size = 0;
    return { text: withoutReturn(text), continued: false, end: this.#passed };
  }
}

const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text);

/** Where to cut so that no character is torn: at most three bytes before the end. */
export function characterBoundary(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
