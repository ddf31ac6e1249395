/** What the words around a place in a block of YAML are about, told by indentation so that half-written text has it too. */
export interface Around {
  /** Keys from the root; items of lists are `*`. */
  readonly path: readonly string[];
  /** The lines of the outermost item of a list around the place, as far as it. */
  readonly item: readonly string[];
  /** Keys that stand beside the place already. */
  readonly beside: readonly string[];
}

/** A dash (null) or a key, and the column it stands at. */
export interface Mark {
  readonly column: number;
  readonly key: string | null;
}

const MOST_LINES = 3_000;
const KEY = /^(?:"([^"]+)"|'([^']+)'|([^\s#'"[\]{}&*!|>%@`-][^:#]*?|-[^\s:#]+))\s*:(?:\s|$)/;

/** The marks of a line from left to right; a line that only began has the place where a key would stand last, without words. */
export function marksOf(line: string): readonly Mark[] {
  const marks: Mark[] = [];
  let at = line.search(/\S|$/);
  for (let dash = /^-(\s+|$)/.exec(line.slice(at)); dash; dash = /^-(\s+|$)/.exec(line.slice(at))) {
    marks.push({ column: at, key: null });
    at += dash[0].length;
  }
  const [, double, single, plain] = KEY.exec(line.slice(at)) ?? [];
  return [...marks, { column: at, key: double ?? single ?? plain?.trim() ?? '' }];
}

/** What stands around the end of the last of these lines, where the cursor is. */
export function aroundEnd(lines: readonly string[]): Around {
  const own = marksOf(lines.at(-1) ?? '');
  const level = own.at(-1)?.column ?? 0;
  const path: string[] = [];
  const beside: string[] = [];
  let inner: Mark = { column: level, key: '' };
  let itemFrom = lines.length;
  const climb = (mark: Mark, n: number): void => {
    if (mark.key === '') return;
    const isOuter = mark.column < inner.column;
    // A list may stand at the column of its key.
    const holdsList = mark.key !== null && inner.key === null && mark.column === inner.column;
    if (isOuter || holdsList) {
      path.unshift(mark.key ?? '*');
      if (mark.key === null) itemFrom = n;
      inner = mark;
    } else if (path.length === 0 && mark.key !== null && mark.column === level) beside.push(mark.key);
  };
  for (const mark of own.slice(0, -1).toReversed()) climb(mark, lines.length - 1);
  for (let n = lines.length - 2; n >= Math.max(0, lines.length - MOST_LINES); n--) {
    const line = lines[n] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    for (const mark of marksOf(line).toReversed()) climb(mark, n);
  }
  return { path, item: lines.slice(itemFrom), beside };
}
