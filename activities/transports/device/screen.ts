/** Longest logical line kept together; what is longer is handed on in parts. */
const LONGEST_LINE = 65_536;
const LONGEST_ESCAPE = 256;

/**
 * What a terminal would show of a device's bytes, line by line: escape sequences, backspaces, carriage returns and NULs are carried out
 * instead of kept. A line that only the width of the terminal broke stays one line.
 */
export class Screen {
  readonly #columns: number;
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder('utf-8');
  #pending = '';
  /** Rows of this line that the width has ended. */
  #wrapped = '';
  #row = '';
  #cursor = 0;
  /** Where writing or erasing last stood: what is blank behind it was blanked out. */
  #end = 0;
  #height = 0;
  #rawTail = '';

  constructor(columns: number, onLine: (line: string) => void) {
    this.#columns = columns;
    this.#onLine = onLine;
  }

  /** The last line, still without an end. */
  get line(): string {
    const rest = this.#row.slice(this.#end);
    return this.#wrapped + (rest.trim() === '' ? this.#row.slice(0, this.#end) : this.#row);
  }

  /** The last characters as they came. */
  get rawTail(): string {
    return this.#rawTail;
  }

  feed(bytes: Uint8Array): void {
    const text = this.#pending + this.#decoder.decode(bytes, { stream: true });
    this.#pending = '';
    this.#rawTail = (this.#rawTail + text.slice(-64)).slice(-64);
    for (let at = 0; at < text.length; ) {
      const control = nextControl(text, at);
      if (control > at) {
        this.#print(text.slice(at, control));
        at = control;
      } else if (text.charCodeAt(at) === ESC) {
        const end = escapeEnd(text, at);
        if (end === null) {
          if (text.length - at <= LONGEST_ESCAPE) this.#pending = text.slice(at);
          return;
        }
        this.#obey(text.slice(at + 1, end));
        at = end;
      } else {
        this.#control(text.charCodeAt(at));
        at += 1;
      }
    }
  }

  #print(run: string): void {
    for (let rest = run; rest !== ''; ) {
      if (this.#cursor >= this.#columns) this.#wrap();
      const part = rest.slice(0, this.#columns - this.#cursor);
      rest = rest.slice(part.length);
      const before = this.#row.length < this.#cursor ? this.#row.padEnd(this.#cursor) : this.#row.slice(0, this.#cursor);
      this.#row = before + part + this.#row.slice(this.#cursor + part.length);
      this.#cursor += part.length;
      this.#end = this.#cursor;
    }
  }

  #wrap(): void {
    this.#wrapped += this.#row;
    this.#row = '';
    this.#cursor = 0;
    this.#end = 0;
    if (this.#wrapped.length < LONGEST_LINE) return;
    this.#onLine(this.#wrapped);
    this.#wrapped = '';
  }

  #endLine(): void {
    const { line } = this;
    this.#wrapped = '';
    this.#row = '';
    this.#cursor = 0;
    this.#end = 0;
    this.#onLine(line);
  }

  #control(code: number): void {
    if (code === LF || code === VT || code === FF) this.#endLine();
    else if (code === CR) this.#cursor = 0;
    else if (code === BS) this.#goTo(this.#cursor - 1);
    else if (code === TAB) this.#print(' '.repeat(8 - (this.#cursor % 8)));
  }

  /** A sequence without its ESC. What only colours or asks is left out. */
  #obey(sequence: string): void {
    if (sequence === 'E' || sequence === 'D') this.#endLine();
    if (!sequence.startsWith('[')) return;
    const numbers = sequence.slice(1, -1).split(';').map(Number);
    const [first = 0, second = 0] = numbers.map((number) => (Number.isInteger(number) ? Math.min(number, 10_000) : 0));
    this.#carryOut(sequence.at(-1), first, second);
  }

  #carryOut(order: string | undefined, first: number, second: number): void {
    const count = Math.max(1, first);
    if (order === 'K' || order === 'J') this.#erase(first);
    else if (order === 'C') this.#goTo(this.#cursor + count);
    else if (order === 'D') this.#goTo(this.#cursor - count);
    else if (order === 'G') this.#goTo(count - 1);
    else if (order === 'P') this.#row = this.#row.slice(0, this.#cursor) + this.#row.slice(this.#cursor + count);
    else if (order === 'E') this.#endLine();
    else if (order === 'H' || order === 'f') this.#moveTo(first, second);
  }

  #erase(how: number): void {
    if (how === 0) this.#row = this.#row.slice(0, this.#cursor);
    else if (how === 1) this.#row = ' '.repeat(this.#cursor) + this.#row.slice(this.#cursor);
    else this.#row = '';
    this.#end = Math.min(this.#end, this.#row.length);
  }

  /** Further down is a new line; anywhere else is this line, since no line that has ended is taken back. */
  #moveTo(row: number, column: number): void {
    if (row > this.#height && this.#row.trim() !== '') this.#endLine();
    this.#height = row;
    this.#goTo(Math.max(1, column) - 1);
  }

  #goTo(column: number): void {
    this.#cursor = Math.min(this.#columns, Math.max(0, column));
    this.#end = this.#cursor;
  }
}

const [BS, TAB, LF, VT, FF, CR, ESC] = [8, 9, 10, 11, 12, 13, 27] as const;

function nextControl(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === 127) break;
    at += 1;
  }
  return at;
}

/** Where the escape sequence that begins here ends; null when more must come. */
function escapeEnd(text: string, from: number): number | null {
  const kind = text[from + 1];
  if (kind === undefined) return null;
  if (kind === '[') return controlEnd(text, from + 2);
  if (']P^_'.includes(kind)) return stringEnd(text, from + 2);
  if ('()*+#% '.includes(kind)) return text.length < from + 3 ? null : from + 3;
  return from + 2;
}

function controlEnd(text: string, from: number): number | null {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x40 && code <= 0x7e) return at + 1;
    // Broken off by a control character: what follows is no longer part of it.
    if (code < 0x20) return at;
  }
  return null;
}

function stringEnd(text: string, from: number): number | null {
  const bell = text.indexOf('\x07', from);
  const end = text.indexOf('\x1b\\', from);
  if (bell !== -1 && (end === -1 || bell < end)) return bell + 1;
  return end === -1 ? null : end + 2;
}
