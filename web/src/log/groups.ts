import type { Stretch } from './folds.ts';
import type { LogGroup } from './views.ts';

/** A command's lines in the log: the one that shows it, and its output up to the next command's. */
export interface GroupedLines extends Stretch {
  /** Attempt and number, as an address names it. */
  readonly id: string;
  readonly group: LogGroup;
  /** It still writes, so that its last line is not known. */
  readonly isOpen: boolean;
}

/** The lines of one command as they are asked for; `to` null: up to the end, wherever that will be. */
export interface CommandLines {
  readonly from: number;
  readonly to: number | null;
}

/** Groups by their lines, in order and apart; one that has not ended goes on to the end of the log. */
export const groupedLines = (groups: readonly LogGroup[], lines: number): readonly GroupedLines[] => {
  const sorted = groups.toSorted((one, other) => one.first_line - other.first_line);
  return sorted.flatMap((group, at) => {
    const next = sorted[at + 1];
    const before = (next?.first_line ?? lines + 1) - 1;
    const to = Math.min(group.last_line ?? before, before);
    const isOpen = group.last_line === null && next === undefined;
    return to < group.first_line ? [] : [{ id: `${group.attempt}.${group.number}`, group, from: group.first_line, to, isOpen }];
  });
};

/** The lines of the command of that id; null when there is none. */
export const linesOfCommand = (groups: readonly GroupedLines[], id: string): CommandLines | null => {
  const own = groups.find((one) => one.id === id);
  return own ? { from: own.from, to: own.isOpen ? null : own.to } : null;
};

/** What folding these groups hides: all of their lines but the first. */
export const hiddenBy = (groups: readonly GroupedLines[], folded: ReadonlySet<string>): readonly Stretch[] =>
  groups.flatMap(({ id, from, to }) => (folded.has(id) && to > from ? [{ from: from + 1, to }] : []));
