/** A mask in masked output: where it stands there, and which raw bytes it hides. */
interface Mark {
  readonly at: number;
  readonly from: number;
  to: number;
}

/** Tells places in masked output as places in the raw bytes it was made from. */
export class MaskRuler {
  readonly #length: number;
  /** The masks behind the last place asked for, first to last. */
  readonly #marks: Mark[] = [];
  /** Raw less masked bytes at the last place asked for. */
  #shift = 0;

  /** `length`: bytes that a mask takes. */
  constructor(length: number) {
    this.#length = length;
  }

  /** A mask stands at this place of the output and hides these raw bytes, as far as that is known. */
  add(at: number, from: number, to: number): void {
    this.#marks.push({ at, from, to });
  }

  /** The newest mask hides what follows too, up to this raw byte. */
  extend(to: number): void {
    const newest = this.#marks.at(-1);
    if (newest !== undefined) newest.to = to;
  }

  /** How many raw bytes so many masked ones stand for. To be asked for places that do not fall, outside of masks. */
  rawAt(masked: number): number {
    for (let next = this.#marks[0]; next !== undefined && next.at + this.#length <= masked; next = this.#marks[0]) {
      this.#shift = next.to - (next.at + this.#length);
      this.#marks.shift();
    }
    return masked + this.#shift;
  }

  /** The place itself, or where the mask begins that it is inside of. */
  outside(masked: number): number {
    return this.#marks.find(({ at }) => at < masked && masked < at + this.#length)?.at ?? masked;
  }
}
