/** Pixels of a row that is one line tall. */
export const LINE = 20;

/** Where rows stand in a list in which most are one line tall and some were found to be taller; rows count from 0. */
export class Heights {
  #rows: number[] = [];
  #more: number[] = [];
  /** What the taller rows add, up to and with each of them. */
  #sums: number[] = [];

  /** Notes how tall a row is; answers whether that is news. */
  set(row: number, height: number): boolean {
    const more = height - LINE;
    const at = this.#before(row);
    const isKnown = this.#rows[at] === row;
    if ((isKnown ? this.#more[at] : 0) === more) return false;
    if (!isKnown) {
      this.#rows.splice(at, 0, row);
      this.#more.splice(at, 0, more);
    } else this.#more[at] = more;
    let sum = at === 0 ? 0 : (this.#sums[at - 1] ?? 0);
    this.#sums.length = at;
    for (let next = at; next < this.#rows.length; next += 1) {
      sum += this.#more[next] ?? 0;
      this.#sums.push(sum);
    }
    return true;
  }

  /** All rows are one line tall again. */
  clear(): void {
    this.#rows = [];
    this.#more = [];
    this.#sums = [];
  }

  /** Pixels above a row. */
  offsetOf(row: number): number {
    const at = this.#before(row);
    return row * LINE + (at === 0 ? 0 : (this.#sums[at - 1] ?? 0));
  }

  /** The row that covers a pixel, as far as so many rows go. */
  rowAt(y: number, count: number): number {
    let low = 0;
    let high = Math.max(0, count - 1);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.offsetOf(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** How many of the taller rows come before a row. */
  #before(row: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
