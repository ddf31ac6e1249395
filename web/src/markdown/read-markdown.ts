/** A piece of a line of text. */
export type Inline =
  | { readonly is: 'text' | 'code'; readonly text: string }
  | { readonly is: 'strong' | 'emphasis'; readonly inner: readonly Inline[] }
  | { readonly is: 'link'; readonly href: string; readonly inner: readonly Inline[] };

/** A part of a text as it stands on its own. */
export type Block =
  | { readonly is: 'heading'; readonly level: number; readonly inner: readonly Inline[] }
  | { readonly is: 'paragraph' | 'quote'; readonly inner: readonly Inline[] }
  | { readonly is: 'code'; readonly text: string }
  | {
      readonly is: 'list';
      readonly ordered: boolean;
      readonly items: readonly { readonly depth: number; readonly inner: readonly Inline[] }[];
    }
  | { readonly is: 'table'; readonly head: readonly (readonly Inline[])[]; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly is: 'rule' };

const MOST_LINES = 2_000;
/** A text with longer lines is no report that somebody wrote. */
const LONGEST_LINE = 4_000;
/** Pieces of lines that differ in look; what comes then is plain text. */
const MOST_PIECES = 4_000;
const MOST_CELLS = 20;
const DEEPEST = 4;

/** Whether a text uses enough of the language to be worth drawing so. */
export const looksLikeMarkdown = (text: string): boolean => text.split('\n').every((line) => line.length <= LONGEST_LINE) && usesIt(text);

const usesIt = (text: string): boolean =>
  /^#{1,6} \S/m.test(text) ||
  /^ {0,3}[-*+] \S.*\n {0,3}[-*+] \S/m.test(text) ||
  /^\|.+\|\s*\n\|[ :|-]+\|/m.test(text) ||
  /^```/m.test(text) ||
  /\*\*\S[^*\n]*\*\*/.test(text);

const HEADING = /^(#{1,6}) +(.*)$/;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)]) +(.*)$/;
const RULE = /^ {0,3}([-*_])( *\1){2,} *$/;
const TABLE_RULE = /^\|?[ :]*-[ :|-]*$/;

/** A heading without the signs that may close it. */
const withoutClosing = (text: string): string => {
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  return text.slice(0, end).trimEnd();
};

/** How many pieces may still be told apart. */
interface Left {
  pieces: number;
}

/** A block that begins at a line, and how many lines it takes. */
type Found = { readonly block: Block; readonly takes: number };
type Reader = (lines: readonly string[], at: number, left: Left) => Found | null;

const run = (lines: readonly string[], at: number, is: (line: string) => boolean): readonly string[] => {
  let end = at;
  while (end < lines.length && is(lines[end] ?? '')) end += 1;
  return lines.slice(at, end);
};

const READERS: readonly Reader[] = [
  (lines, at) => {
    if (!lines[at]?.startsWith('```')) return null;
    const inner = run(lines, at + 1, (one) => !one.startsWith('```'));
    return { block: { is: 'code', text: inner.join('\n') }, takes: inner.length + 2 };
  },
  (lines, at, left) => {
    const found = HEADING.exec(lines[at] ?? '');
    return (
      found && { block: { is: 'heading', level: found[1]?.length ?? 1, inner: readInline(withoutClosing(found[2] ?? ''), left) }, takes: 1 }
    );
  },
  (lines, at) => (RULE.test(lines[at] ?? '') ? { block: { is: 'rule' }, takes: 1 } : null),
  (lines, at, left) => {
    const quoted = run(lines, at, (one) => one.startsWith('>'));
    const inner = () => readInline(quoted.map((one) => one.replace(/^>+ ?/, '')).join('\n'), left);
    return quoted.length === 0 ? null : { block: { is: 'quote', inner: inner() }, takes: quoted.length };
  },
  (lines, at, left) => {
    const items = run(lines, at, (one) => ITEM.test(one));
    const ordered = ITEM.exec(items[0] ?? '')?.[2] !== undefined;
    return items.length === 0
      ? null
      : { block: { is: 'list', ordered, items: items.map((item) => itemOf(item, left)) }, takes: items.length };
  },
  (lines, at, left) => {
    if (!lines[at]?.startsWith('|') || !TABLE_RULE.test(lines[at + 1] ?? '')) return null;
    const whole = run(lines, at, (one) => one.startsWith('|'));
    const [head = '', , ...rows] = whole;
    return { block: { is: 'table', head: cellsOf(head, left), rows: rows.map((row) => cellsOf(row, left)) }, takes: whole.length };
  },
  (lines, at, left) => {
    const rest = run(lines, at + 1, (one) => one.trim() !== '' && !startsBlock(one));
    const words = [lines[at] ?? '', ...rest];
    return { block: { is: 'paragraph', inner: readInline(words.join('\n'), left) }, takes: words.length };
  },
];

/** Reads a small, safe part of Markdown: headings, paragraphs, lists, code, quotes, tables, links to http and https. Everything else stays text, and what it costs is bounded by the length of the text. */
export function readMarkdown(source: string): readonly Block[] {
  const lines = source.split('\n', MOST_LINES).map((line) => line.replace(/\r$/, '').slice(0, LONGEST_LINE));
  const blocks: Block[] = [];
  const left = { pieces: MOST_PIECES };
  for (let at = 0; at < lines.length; ) {
    const found = (lines[at] ?? '').trim() === '' ? null : firstOf(lines, at, left);
    if (found) blocks.push(found.block);
    at += found?.takes ?? 1;
  }
  return blocks;
}

const firstOf = (lines: readonly string[], at: number, left: Left): Found | null => {
  for (const read of READERS) {
    const found = read(lines, at, left);
    if (found) return found;
  }
  return null;
};

const startsBlock = (line: string): boolean =>
  line.startsWith('```') || line.startsWith('>') || line.startsWith('|') || HEADING.test(line) || ITEM.test(line) || RULE.test(line);

const itemOf = (line: string, left: Left) => {
  const [, indent = '', , says = ''] = ITEM.exec(line) ?? [];
  return { depth: Math.min(DEEPEST, Math.floor(indent.length / 2)), inner: readInline(says, left) };
};

const cellsOf = (line: string, left: Left): readonly (readonly Inline[])[] =>
  line
    .replace(/^\||\|\s*$/g, '')
    .split('|', MOST_CELLS)
    .map((cell) => readInline(cell.trim(), left));

const INLINE =
  /(`{1,8})([^`]{1,2000})\1|\*\*(\S(?:[^*]|\*(?!\*)){0,2000})\*\*|\*(\S[^*]{0,2000})\*|\[([^\]]{1,500})\]\(([^)\s]{1,2000})\)/g;

/** Pieces inside pieces end here. */
const INNERMOST = 3;

function readInline(text: string, left: Left, depth = 0): readonly Inline[] {
  if (depth >= INNERMOST) return [{ is: 'text', text }];
  const pieces: Inline[] = [];
  let after = 0;
  for (const match of text.matchAll(INLINE)) {
    left.pieces -= 1;
    if (left.pieces < 0) break;
    const [whole, , code, strong, emphasis, label, href] = match;
    if (match.index > after) pieces.push({ is: 'text', text: text.slice(after, match.index) });
    if (code !== undefined) pieces.push({ is: 'code', text: code });
    else if (strong !== undefined) pieces.push({ is: 'strong', inner: readInline(strong, left, depth + 1) });
    else if (emphasis !== undefined) pieces.push({ is: 'emphasis', inner: readInline(emphasis, left, depth + 1) });
    else if (isSafe(href ?? '')) pieces.push({ is: 'link', href: href ?? '', inner: readInline(label ?? '', left, depth + 1) });
    else pieces.push({ is: 'text', text: whole });
    after = match.index + whole.length;
  }
  if (after < text.length) pieces.push({ is: 'text', text: text.slice(after) });
  return pieces;
}

const isSafe = (href: string): boolean => {
  try {
    return ['http:', 'https:'].includes(new URL(href).protocol);
  } catch {
    return false;
  }
};
