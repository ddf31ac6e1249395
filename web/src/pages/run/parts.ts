import type { RunPhase } from '#jobs/run-phases.ts';
import { hasEnded, hasEndedBadly, STEP_STATUSES, type StepStatus } from '#jobs/run-state.ts';
import type { StepView } from '../../api/views.ts';
import { t } from '../../words.ts';
import type { StepRow } from './rows.ts';

/** A line of the steps list: a step or part, or how many parts of the step above are left out. */
export type Entry =
  | { readonly kind: 'row'; readonly row: StepRow }
  | { readonly kind: 'more'; readonly of: string; readonly shown: number; readonly hidden: number };

/** Entries of one phase of the run. */
export interface Stretch {
  readonly phase: RunPhase;
  readonly entries: readonly Entry[];
}

/** Parts of a step that are shown at first, and how many each wish for more adds. */
export const FIRST_PARTS = 50;
export const MORE_PARTS = 200;

/** So many parts of each step are asked for when so many are to be shown; few sizes, so that lists are read again seldom. */
export const partsToLoad = (shown: number): number => [100, 1_000].find((size) => shown <= size) ?? 10_000;

/** How many parts a step has, begun or not; null: it has none. */
export const partsTotal = ({ parts, targets }: Pick<StepView, 'parts' | 'targets'>): number | null => parts ?? targets?.length ?? null;

/** The rows to show, by phase: of a step with many parts those first that a person may have to look at, and the chosen one in any case. */
export const stretchesOf = (rows: readonly StepRow[], shown: (key: string) => number, chosen: string | undefined): readonly Stretch[] => {
  const parts = Map.groupBy(
    rows.filter(({ isPart }) => isPart),
    ({ step }) => step?.parent_key ?? '',
  );
  const wholes = rows.filter(({ isPart }) => !isPart);
  const entries = (whole: StepRow): readonly Entry[] => {
    const own = parts.get(whole.key) ?? [];
    const some = firstParts(own, shown(whole.key), chosen);
    const hidden = begun(whole, own.length) - some.length;
    const more = { kind: 'more', of: whole.key, shown: some.length, hidden } as const;
    return [...[whole, ...some].map((row) => ({ kind: 'row', row }) as const), ...(hidden > 0 ? [more] : [])];
  };
  return [...Map.groupBy(wholes, ({ phase }) => phase)].map(([phase, own]) => ({ phase, entries: own.flatMap(entries) }));
};

/** Parts that have a row, read or not. */
const begun = ({ step }: StepRow, read: number): number =>
  Math.max(
    read,
    Object.values(step?.parts_by_status ?? {}).reduce<number>((sum, count) => sum + (count ?? 0), 0),
  );

function firstParts(rows: readonly StepRow[], most: number, chosen: string | undefined): readonly StepRow[] {
  if (rows.length <= most) return rows;
  const byNeed = rows.toSorted((one, other) => need(one.status) - need(other.status));
  const some = byNeed.slice(0, most);
  const missed = byNeed.slice(most).find(({ key }) => key === chosen);
  return missed ? [...some, missed] : some;
}

const need = (status: StepStatus): number => {
  if (hasEndedBadly(status)) return 0;
  if (status === 'waiting' || status === 'paused') return 1;
  return status === 'running' || status === 'retrying' ? 2 : 3;
};

/** How far a step's parts are, e.g. `12 of 40, 1 failed`; null for a step without. */
export function partsWords(step: Pick<StepView, 'parts' | 'targets' | 'parts_by_status'>): string | null {
  const total = partsTotal(step);
  if (total === null || step.parts_by_status === null) return null;
  const counts = step.parts_by_status;
  const sum = (is: (status: StepStatus) => boolean): number =>
    STEP_STATUSES.filter(is).reduce((all, status) => all + (counts[status] ?? 0), 0);
  const notable = [
    [sum(hasEndedBadly), 'failed'],
    [counts.cancelled ?? 0, 'cancelled'],
    [counts.skipped ?? 0, 'skipped'],
    [counts.waiting ?? 0, 'waiting'],
    [counts.paused ?? 0, 'paused'],
  ] as const;
  const words = notable.flatMap(([count, word]) => (count > 0 ? [`${count.toLocaleString()} ${word}`] : []));
  return [t('parts.done', sum(hasEnded), total), ...words].join(', ');
}
