import { usePreferences } from '../../preferences/preferences.ts';
import { RUN_COLUMNS, type RunColumn, USUAL_COLUMNS } from './columns.tsx';

const LIST = 'runs';

/** The columns the reader has chosen, their order and widths, kept with what they prefer. */
export const useChosenColumns = () => {
  const { now, change } = usePreferences();
  const kept = () => now().columns[LIST] ?? [];
  const shown = (): readonly RunColumn[] => {
    const known = kept().flatMap(({ id }) => RUN_COLUMNS.filter((column) => column === id));
    return known.length > 0 ? known : USUAL_COLUMNS;
  };
  const widths = (): { readonly [column: string]: number } =>
    Object.fromEntries(kept().flatMap(({ id, width }) => (width === null ? [] : [[id, width]])));
  const keep = (columns: readonly RunColumn[], sizes = widths()) =>
    change({ columns: { ...now().columns, [LIST]: columns.map((id) => ({ id, width: sizes[id] ?? null })) } });
  return {
    shown,
    widths,
    toggle: (column: RunColumn) => {
      const without = shown().filter((one) => one !== column);
      // The job is the way to the run and stays.
      if (column !== 'job') keep(without.length < shown().length ? without : [...shown(), column]);
    },
    /** Moves a column one place; answers with the place it has now. */
    move: (column: RunColumn, by: 1 | -1): number => {
      const from = shown().indexOf(column);
      const to = Math.max(0, Math.min(shown().length - 1, from + by));
      keep(shown().toSpliced(from, 1).toSpliced(to, 0, column));
      return to;
    },
    resize: (column: string, width: number) => keep(shown(), { ...widths(), [column]: width }),
    reset: () => {
      const { [LIST]: _, ...others } = now().columns;
      change({ columns: others });
    },
  };
};
