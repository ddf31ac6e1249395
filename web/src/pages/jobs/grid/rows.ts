import type { GridCell, GridRun } from '../views.ts';

/** A row of the grid: a step that some of the runs have. */
export interface GridRow {
  readonly id: string;
  readonly name: string;
}

/** The steps of runs, newest first, as rows: those of the newest in their order, and each that only older ones have after the step it followed there. */
export const rowsOf = (runs: readonly Pick<GridRun, 'steps'>[]): readonly GridRow[] => {
  const rows: GridRow[] = [];
  for (const { steps } of runs) {
    let after = -1;
    for (const { step_id: id, name } of steps) {
      const known = rows.findIndex((row) => row.id === id);
      if (known >= 0) {
        after = known;
        continue;
      }
      after += 1;
      rows.splice(after, 0, { id, name });
    }
  }
  return rows;
};

/** The steps of a run by their ids. */
export const cellsOf = (run: GridRun): ReadonlyMap<string, GridCell> => new Map(run.steps.map((cell) => [cell.step_id, cell]));

/** Runs that follow each other and follow one version. */
export interface VersionSpan {
  readonly version: number | null;
  readonly runs: number;
  /** They only tried one step of a definition. */
  readonly isTest: boolean;
}

/** Runs, oldest first, by the version they follow. */
export const spansOf = (runs: readonly Pick<GridRun, 'version' | 'trigger'>[]): readonly VersionSpan[] => {
  const spans: { version: number | null; runs: number; isTest: boolean }[] = [];
  for (const { version, trigger } of runs) {
    const isTest = trigger === 'test';
    const last = spans.at(-1);
    if (last && last.version === version && last.isTest === isTest) last.runs += 1;
    else spans.push({ version, runs: 1, isTest });
  }
  return spans;
};

/** Whether a run, of those oldest first, is the first of another version than the one before it. */
export const beginsVersion = (runs: readonly Pick<GridRun, 'version' | 'trigger'>[], at: number): boolean =>
  at > 0 && (runs[at]?.version !== runs[at - 1]?.version || (runs[at]?.trigger === 'test') !== (runs[at - 1]?.trigger === 'test'));
