import type { Lineage, RunSummary, RunView } from '../api/views.ts';

/** True when `next` tells of a later moment of the run than `known`; equal sequences fall back to the row's own time. */
export const isNewerRun = (known: Pick<RunSummary, 'seq' | 'updated_at'>, next: Pick<RunSummary, 'seq' | 'updated_at'>): boolean =>
  Number(next.seq) > Number(known.seq) || (Number(next.seq) === Number(known.seq) && next.updated_at > known.updated_at);

/** The list with the run's newer row laid over its old one, so that what only this list asked for stays; the same list when it holds no older one. */
export const patchRuns = (runs: readonly RunSummary[], run: RunSummary): readonly RunSummary[] => {
  const at = runs.findIndex((known) => known.id === run.id);
  const known = runs[at];
  return known && isNewerRun(known, run) ? runs.with(at, { ...known, ...run }) : runs;
};

/** The run page's view with the newer row laid over it; what only the page asks for stays. */
export const patchRun = (known: RunView, run: RunSummary): RunView => (isNewerRun(known, run) ? { ...known, ...run } : known);

/** The lineage with the run's newer status in its place; the same one when it shows no other. */
export const patchLineage = (lineage: Lineage, run: Pick<RunSummary, 'id' | 'status'>): Lineage => {
  const at = lineage.items.findIndex(({ id }) => id === run.id);
  const known = lineage.items[at];
  return known && known.status !== run.status ? { ...lineage, items: lineage.items.with(at, { ...known, status: run.status }) } : lineage;
};

/** Whether a run that the lineage does not show came from one that it shows. */
export const hasNewRelative = (
  { items, truncated }: Lineage,
  run: Pick<RunSummary, 'id' | 'retry_of' | 'rerun_of' | 'parent_run' | 'chain_source'>,
): boolean => {
  const from = [run.retry_of, run.rerun_of, run.parent_run, run.chain_source];
  return !truncated && items.some(({ id }) => from.includes(id)) && !items.some(({ id }) => id === run.id);
};
