import type { RunPhase } from '#jobs/run-phases.ts';
import { hasEnded, hasEndedBadly, type StepStatus } from '#jobs/run-state.ts';
import type { StepRow } from '../rows.ts';

/** A line of the timeline: where a phase begins, a step or part, or completed ones that are folded into one line. */
export type Entry =
  | { readonly kind: 'phase'; readonly id: string; readonly phase: RunPhase }
  | { readonly kind: 'row'; readonly id: string; readonly row: StepRow }
  | { readonly kind: 'fold'; readonly id: string; readonly count: number; readonly isOpen: boolean; readonly isPart: boolean };

/** What of a run's steps is looked at. */
export interface Look {
  readonly problems: boolean;
  readonly filter: string;
  /** The chosen step, which is never folded away. */
  readonly chosen: string | undefined;
  /** Folds that the reader has opened. */
  readonly opened: ReadonlySet<string>;
}

/** So many completed ones in a row are one line; while their step goes on, always so many at once, so that lines seldom move. */
const FOLD = 20;
/** Steps of the plan itself are folded only where there are more than a few screens of them. */
const MANY_STEPS = 100;

/** Whether a person may have to look at it. */
export const isProblem = ({ status, step }: StepRow): boolean =>
  hasEndedBadly(status) || NEEDS_LOOK.has(status) || (step !== null && step.attempt > 1 && !hasEnded(status));
const NEEDS_LOOK = new Set<StepStatus>(['waiting', 'paused', 'retrying']);

/** Whether its key, name, target or type holds the words. */
export const matches = ({ key, name, type, step }: StepRow, words: string): boolean =>
  [key, name, type, step?.target ?? ''].some((text) => text.toLowerCase().includes(words));

/** The lines of the timeline in plan order: phases apart, parts below their step, long stretches of completed ones folded. A step stays where one of its parts is wanted. */
export function entriesOf(rows: readonly StepRow[], look: Look): readonly Entry[] {
  const words = look.filter.trim().toLowerCase();
  const isWanted = (row: StepRow) => (!look.problems || isProblem(row)) && (words === '' || matches(row, words));
  const parts = Map.groupBy(
    rows.filter(({ isPart }) => isPart),
    ({ step }) => step?.parent_key ?? '',
  );
  const narrowed = look.problems || words !== '';
  const families = rows
    .filter(({ isPart }) => !isPart)
    .flatMap((whole) => {
      const all = parts.get(whole.key) ?? [];
      const own = narrowed && !(words !== '' && !look.problems && matches(whole, words)) ? all.filter(isWanted) : all;
      return narrowed && own.length === 0 && !isWanted(whole) ? [] : [{ whole, own }];
    });
  const folds = !narrowed && families.length > MANY_STEPS;

  const entries: Entry[] = [];
  let phase: RunPhase = 'main';
  let calm: Entry[] = [];
  const close = (all: boolean) => {
    entries.push(...folded(calm, look, false, all));
    calm = [];
  };
  for (const { whole, own } of families) {
    if (whole.phase !== phase) {
      close(true);
      phase = whole.phase;
      entries.push({ kind: 'phase', id: `phase ${phase}`, phase });
    }
    const line: Entry = { kind: 'row', id: whole.key, row: whole };
    if (folds && own.length === 0 && whole.status === 'completed' && whole.key !== look.chosen) {
      calm.push(line);
      continue;
    }
    close(true);
    entries.push(line, ...(narrowed ? own.map(lineOf) : foldParts(whole, own, look)));
  }
  close(true);
  return entries;
}

const lineOf = (row: StepRow): Entry => ({ kind: 'row', id: row.key, row });

/** Parts in their order, each stretch of completed ones as one line. */
function foldParts(whole: StepRow, parts: readonly StepRow[], look: Look): readonly Entry[] {
  const isOver = hasEnded(whole.status);
  const entries: Entry[] = [];
  let calm: Entry[] = [];
  for (const row of parts) {
    if (row.status === 'completed' && row.key !== look.chosen) {
      calm.push(lineOf(row));
      continue;
    }
    entries.push(...folded(calm, look, true, isOver), lineOf(row));
    calm = [];
  }
  return [...entries, ...folded(calm, look, true, isOver)];
}

/** A stretch of completed ones: folded when it is long, wholly or in round numbers. */
function folded(stretch: readonly Entry[], look: Look, isPart: boolean, all: boolean): readonly Entry[] {
  const count = all ? stretch.length : stretch.length - (stretch.length % FOLD);
  const [first] = stretch;
  if (count < FOLD || !first) return stretch;
  const id = `fold ${first.id}`;
  const isOpen = look.opened.has(id);
  return [{ kind: 'fold', id, count, isOpen, isPart }, ...(isOpen ? stretch : stretch.slice(count))];
}
