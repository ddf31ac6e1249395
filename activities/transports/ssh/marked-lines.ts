/** What the remote script says about itself among the command's standard error. */
export interface MarkedLine {
  readonly word: string;
  readonly value: string;
}

const GIVE_UP_AFTER = 65_536;

/**
 * Takes the script's own marked lines out of a byte stream and hands everything else on unchanged.
 * They come before the command's first byte, but a login shell may have spoken earlier; after the last one, or 64 KiB without any, bytes pass untouched.
 */
export class MarkedLines {
  readonly #mark: string;
  readonly #onLine: (line: MarkedLine) => void;
  #held: Buffer = Buffer.alloc(0);
  #seen = 0;
  #done = false;

  constructor(mark: string, onLine: (line: MarkedLine) => void) {
    this.#mark = `${mark} `;
    this.#onLine = onLine;
  }

  /** The bytes of this chunk (and of what was held back) that are not the script's. */
  pass(bytes: Buffer): Buffer {
    if (this.#done) return bytes;
    this.#held = Buffer.concat([this.#held, bytes]);
    const others: Buffer[] = [];
    for (let end = this.#held.indexOf(10); end >= 0 && !this.#done; end = this.#held.indexOf(10)) {
      const line = this.#held.subarray(0, end + 1);
      this.#held = this.#held.subarray(end + 1);
      this.#seen += line.length;
      const text = line.toString('latin1');
      if (text.startsWith(this.#mark)) {
        const [word = '', value = ''] = text.slice(this.#mark.length).trimEnd().split(' ');
        this.#done = true;
        this.#onLine({ word, value });
      } else {
        others.push(line);
      }
    }
    if (this.#done || this.#seen + this.#held.length > GIVE_UP_AFTER) others.push(this.end());
    return Buffer.concat(others);
  }

  /** What was held back because it could have become a marked line. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    this.#done = true;
    return rest;
  }
}
