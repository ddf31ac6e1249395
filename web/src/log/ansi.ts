import { ESCAPES } from '#jobs/escapes.ts';

/** A stretch of a log line that looks alike; `href` only for http(s) addresses written out in the text. */
export interface Piece {
  readonly text: string;
  /** Class names, '' for plain text. */
  readonly look: string;
  readonly href?: string;
}

interface Pen {
  color: number | null;
  under: number | null;
  bold: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
}

const plain = (): Pen => ({ color: null, under: null, bold: false, italic: false, underline: false, inverse: false });

// Colours of the 256 palette and true colours are shown as the nearest of the sixteen, so that both themes stay readable.
const nearest = (red: number, green: number, blue: number): number => {
  const top = Math.max(red, green, blue);
  if (top - Math.min(red, green, blue) < 32) return top < 64 ? 0 : top < 160 ? 8 : top < 224 ? 7 : 15;
  const hue = (red > top / 2 ? 1 : 0) + (green > top / 2 ? 2 : 0) + (blue > top / 2 ? 4 : 0);
  return top > 200 ? hue + 8 : hue;
};

const of256 = (index: number): number => {
  if (index < 16) return index;
  if (index > 231) return nearest((index - 232) * 10 + 8, (index - 232) * 10 + 8, (index - 232) * 10 + 8);
  const level = (step: number) => (step === 0 ? 0 : step * 40 + 55);
  const cube = index - 16;
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
};

const extended = (codes: readonly number[], at: number): { color: number | null; used: number } => {
  if (codes[at + 1] === 5) return { color: of256(codes[at + 2] ?? 0), used: 2 };
  if (codes[at + 1] === 2) return { color: nearest(codes[at + 2] ?? 0, codes[at + 3] ?? 0, codes[at + 4] ?? 0), used: 4 };
  return { color: null, used: 1 };
};

const SWITCHES: { readonly [code: number]: Partial<Pen> } = {
  0: plain(),
  1: { bold: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  22: { bold: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  39: { color: null },
  49: { under: null },
};

// Where the eight colours of each range begin, and what they paint.
const RANGES = [
  { first: 30, paints: 'color', from: 0 },
  { first: 90, paints: 'color', from: 8 },
  { first: 40, paints: 'under', from: 0 },
  { first: 100, paints: 'under', from: 0 },
] as const;

const paint = (pen: Pen, codes: readonly number[]): void => {
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    const range = RANGES.find(({ first }) => code >= first && code < first + 8);
    if (range) pen[range.paints] = code - range.first + range.from;
    else if (code === 38 || code === 48) {
      const { color, used } = extended(codes, at);
      if (code === 38) pen.color = color;
      else pen.under = color === null ? null : color % 8;
      at += used;
    } else Object.assign(pen, SWITCHES[code]);
  }
};

// What is asked of an emulator, not of a pen, paints nothing; colons part what one code is made of, with a colour space that nobody names.
const codesOf = (parameters: string): readonly number[] => {
  if (!/^[\d;:]*$/.test(parameters)) return [];
  return parameters
    .replaceAll(/([34]8):2:\d*:(\d+:\d+:\d+)/g, '$1:2:$2')
    .split(';')
    .flatMap((code) => (/^[34]8:/.test(code) ? code.split(':') : [code.split(':')[0] ?? '']))
    .map(Number);
};

const lookOf = (pen: Pen): string =>
  [
    pen.color !== null && `ansi-${pen.color % 8}`,
    (pen.bold || (pen.color ?? 0) > 7) && 'ansi-bold',
    pen.italic && 'ansi-italic',
    (pen.underline || pen.inverse) && 'ansi-under',
    pen.under !== null && `ansi-under ansi-under-${pen.under}`,
  ]
    .filter(Boolean)
    .join(' ');

const MAX_PIECES = 400;
const CONTROL = String.raw`[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]`;
const LONE_SURROGATE = String.raw`[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]`;
const ADDRESS = String.raw`https?:\/\/[^\s<>"'${'`'}\u0000-\u001f\u007f]*[\w/#&=%~+-]`;
const TOKEN = new RegExp(`${ESCAPES}|(${CONTROL}|${LONE_SURROGATE})|(${ADDRESS})`, 'g');

// Unicode has pictures of them, which few fonts for code have.
const NAMES = 'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
  ' ',
);

const visible = (mark: string): string => {
  const code = mark.charCodeAt(0);
  return `⟨${code === 0x7f ? 'DEL' : (NAMES[code] ?? code.toString(16).toUpperCase().padStart(4, '0'))}⟩`;
};

/** Splits one line into pieces to be drawn as text nodes: colours as classes, every control character visible, each line on its own. */
export const ansiPieces = (line: string): readonly Piece[] => {
  const pieces: Piece[] = [];
  const pen = plain();
  const add = (text: string, look: string, href?: string) => {
    const last = pieces.at(-1);
    if (text === '') return;
    // From the last piece on, all is plain text.
    const isFull = pieces.length >= MAX_PIECES;
    if (last && !last.href && (isFull || (last.look === look && !href))) pieces[pieces.length - 1] = { ...last, text: last.text + text };
    else if (isFull || pieces.length === MAX_PIECES - 1) pieces.push({ text, look: '' });
    else pieces.push({ text, look, ...(href && { href }) });
  };
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [all, codes, final, mark, href] = match;
    add(text.slice(from, match.index), lookOf(pen));
    from = match.index + all.length;
    if (final === 'm') paint(pen, codesOf(codes ?? ''));
    else if (mark) add(visible(mark), 'ansi-control');
    else if (href) add(href, lookOf(pen), href);
  }
  add(text.slice(from), lookOf(pen));
  return pieces;
};
