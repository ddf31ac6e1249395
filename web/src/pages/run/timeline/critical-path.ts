import type { StepRow } from '../rows.ts';

const started = ({ step }: StepRow): number | null => (step?.started_at ? Date.parse(step.started_at) : null);
const ended = ({ step }: StepRow): number | null => (step?.ended_at ? Date.parse(step.ended_at) : null);
const last = (rows: readonly StepRow[]): StepRow | undefined =>
  rows.reduce<StepRow | undefined>(
    (latest, row) => (latest === undefined || (ended(row) ?? 0) > (ended(latest) ?? 0) ? row : latest),
    undefined,
  );

/** When each step could begin: when what it needs had ended, or its step was taken apart; null for what needs nothing, which could when the run could. */
export function readyTimes(rows: readonly StepRow[], runStart: number): (row: StepRow) => number | null {
  const wholes = new Map(rows.filter(({ isPart }) => !isPart).map((row) => [row.key, row] as const));
  return (row) => {
    if (row.isPart) return started(wholes.get(row.step?.parent_key ?? '') ?? row);
    const needed = row.needs.flatMap((key) => wholes.get(key) ?? []);
    if (needed.length === 0) return row.phase === 'main' ? runStart : null;
    const ends = needed.map(ended);
    return ends.includes(null) ? null : Math.max(...(ends as number[]));
  };
}

/** The keys of the steps that the run's length came of: from the one that ended last, each time the needed one that ended last; with the last part of each. */
export function criticalPath(rows: readonly StepRow[]): ReadonlySet<string> {
  const wholes = rows.filter((row) => !row.isPart && started(row) !== null);
  const byKey = new Map(wholes.map((row) => [row.key, row] as const));
  const path = new Set<string>();
  let at = wholes.find((row) => ended(row) === null) ?? last(wholes);
  while (at && !path.has(at.key)) {
    path.add(at.key);
    at = last(at.needs.flatMap((key) => byKey.get(key) ?? []));
  }
  const parts = Map.groupBy(
    rows.filter((row) => row.isPart && path.has(row.step?.parent_key ?? '')),
    (row) => row.step?.parent_key,
  );
  for (const own of parts.values()) {
    const latest = own.find((row) => ended(row) === null && started(row) !== null) ?? last(own);
    if (latest) path.add(latest.key);
  }
  return path;
}
