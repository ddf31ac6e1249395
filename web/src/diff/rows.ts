import type { DiffLine, Hunk } from '#jobs/diff/diff-lines.ts';

/** One line of one text: its number, and the part of it that the line it stands beside does not share. */
export interface DiffCell {
  readonly number: number;
  readonly text: string;
  readonly kind: DiffLine['kind'];
  /** Where the changed part begins and ends. */
  readonly changed: readonly [number, number] | null;
}

/** A row of a difference: where a stretch begins, or a line of one text or both. */
export type DiffRow = { readonly gap: number } | { readonly before: DiffCell | null; readonly after: DiffCell | null };

const sharedStart = (a: string, b: string): number => {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
};

const sharedEnd = (a: string, b: string, start: number): number => {
  let count = 0;
  while (count < a.length - start && count < b.length - start && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
};

/** The parts of two lines between what they share at both ends; null where they share too little for it to say anything. */
export const changedParts = (a: string, b: string): readonly [readonly [number, number], readonly [number, number]] | null => {
  const start = sharedStart(a, b);
  const end = sharedEnd(a, b, start);
  const shared = a.slice(0, start).trim().length + end;
  if (shared < 2 || shared < Math.max(a.length, b.length) / 3) return null;
  return [
    [start, a.length - end],
    [start, b.length - end],
  ];
};

type Cells = { readonly before: DiffCell; readonly after: null } | { readonly before: null; readonly after: DiffCell };
const isBefore = (row: Cells): row is Extract<Cells, { after: null }> => row.after === null;

/** Removed lines beside the added ones that took their place. */
const paired = (block: readonly Cells[]): readonly DiffRow[] => {
  const before = block.filter(isBefore).map((row) => row.before);
  const after = block.filter((row) => !isBefore(row)).map((row) => row.after as DiffCell);
  return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => {
    const [a, b] = [before[at] ?? null, after[at] ?? null];
    const parts = a && b ? changedParts(a.text, b.text) : null;
    return { before: a && { ...a, changed: parts?.[0] ?? null }, after: b && { ...b, changed: parts?.[1] ?? null } };
  });
};

/** The rows of a difference side by side. */
export const splitRows = (hunks: readonly Hunk[]): readonly DiffRow[] =>
  hunks.flatMap(({ from, to, lines }) => {
    let [a, b] = [from, to];
    const rows: DiffRow[] = [{ gap: to }];
    let block: Cells[] = [];
    const flush = () => {
      rows.push(...paired(block));
      block = [];
    };
    for (const { kind, text } of lines) {
      if (kind === ' ') {
        flush();
        const shared = { text, kind, changed: null };
        rows.push({ before: { number: a++, ...shared }, after: { number: b++, ...shared } });
      } else if (kind === '-') block.push({ before: { number: a++, text, kind, changed: null }, after: null });
      else block.push({ before: null, after: { number: b++, text, kind, changed: null } });
    }
    flush();
    return rows;
  });

/** The rows of a difference one below the other: what was removed before what took its place. */
export const unifiedRows = (hunks: readonly Hunk[]): readonly DiffRow[] => {
  const rows: DiffRow[] = [];
  let added: DiffRow[] = [];
  const flush = () => {
    rows.push(...added);
    added = [];
  };
  for (const row of splitRows(hunks)) {
    if ('gap' in row || row.before?.kind === ' ') {
      flush();
      rows.push(row);
      continue;
    }
    if (row.before) rows.push({ before: row.before, after: null });
    if (row.after) added.push({ before: null, after: row.after });
  }
  flush();
  return rows;
};

/** How many lines were added and removed. */
export const countsOf = (hunks: readonly Hunk[]): { readonly added: number; readonly removed: number } => {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return { added: lines.filter(({ kind }) => kind === '+').length, removed: lines.filter(({ kind }) => kind === '-').length };
};
