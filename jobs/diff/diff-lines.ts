/** One line of a difference: in both texts, only in the older, only in the newer. */
export interface DiffLine {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines that differ with those around them; `from` and `to` are the numbers, from 1, of its first lines in the two texts. */
export interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly DiffLine[];
}

/** Lines shown before and after a change. */
const CONTEXT = 3;
/** Changed lines up to which the shortest difference is looked for; beyond, what differs is replaced as a whole. */
const MOST_EDITS = 2_000;

/** The difference of two texts by lines, the shortest there is unless more than 2,000 lines differ. Takes time and memory in proportion to what differs, never more than those allow. */
export function diffLines(before: string, after: string): readonly Hunk[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const lines: DiffLine[] = [
    ...a.slice(0, start).map(same),
    ...editsOf(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
  return hunksOf(lines);
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const same = (text: string): DiffLine => ({ kind: ' ', text });
const gone = (text: string): DiffLine => ({ kind: '-', text });
const made = (text: string): DiffLine => ({ kind: '+', text });

/** Myers' greedy search: `reach[k]` is how far into `a` the paths of so many edits lead on the diagonal k = (place in a) − (place in b). */
function editsOf(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  const [older, newer] = numbered(a, b);
  const trace: Int32Array[] = [];
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const middle = most + 1;
  const reach = new Int32Array(2 * most + 3);
  for (let edits = 0; edits <= most; edits++) {
    trace.push(reach.slice(middle - edits - 1, middle + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const left = reach[middle + k - 1] as number;
      const right = reach[middle + k + 1] as number;
      let at = comesFromAbove(k, edits, left, right) ? right : left + 1;
      while (at < older.length && at - k < newer.length && older[at] === newer[at - k]) at += 1;
      reach[middle + k] = at;
      if (at >= older.length && at - k >= newer.length) return walkBack(a, b, trace);
    }
  }
  return [...a.map(gone), ...b.map(made)];
}

/** Equal lines by equal numbers, which are compared faster. */
function numbered(a: readonly string[], b: readonly string[]): readonly [Int32Array, Int32Array] {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const number = numbers.get(line) ?? numbers.size;
    numbers.set(line, number);
    return number;
  };
  return [Int32Array.from(a, numberOf), Int32Array.from(b, numberOf)];
}

const comesFromAbove = (k: number, edits: number, left: number, right: number): boolean => k === -edits || (k !== edits && left < right);

function walkBack(a: readonly string[], b: readonly string[], trace: readonly Int32Array[]): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = (k: number) => trace[edits]?.[k + edits + 1] ?? 0;
    const k = x - y;
    const down = comesFromAbove(k, edits, reach(k - 1), reach(k + 1));
    const fromX = edits === 0 ? 0 : reach(down ? k + 1 : k - 1);
    const snakeX = edits === 0 || down ? fromX : fromX + 1;
    for (; x > snakeX; x--) lines.push(same(a[x - 1] ?? ''));
    y = x - k;
    if (edits === 0) break;
    lines.push(down ? made(b[y - 1] ?? '') : gone(a[x - 1] ?? ''));
    [x, y] = [fromX, fromX - (down ? k + 1 : k - 1)];
  }
  return lines.reverse();
}

/** Changes that stand close together share their surroundings. */
function hunksOf(lines: readonly DiffLine[]): readonly Hunk[] {
  const changes = lines.flatMap(({ kind }, at) => (kind === ' ' ? [] : [at]));
  const spans: { first: number; last: number }[] = [];
  for (const at of changes) {
    const open = spans.at(-1);
    if (open && at - open.last <= 2 * CONTEXT + 1) open.last = at;
    else spans.push({ first: at, last: at });
  }
  let [from, to, at] = [1, 1, 0];
  return spans.map(({ first, last }) => {
    const begin = Math.max(0, first - CONTEXT);
    for (; at < begin; at++) {
      if (lines[at]?.kind !== '+') from += 1;
      if (lines[at]?.kind !== '-') to += 1;
    }
    return { from, to, lines: lines.slice(begin, last + CONTEXT + 1) };
  });
}
