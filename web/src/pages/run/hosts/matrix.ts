import { hasEnded, hasEndedBadly, STATUS_LOOK, STEP_STATUSES, type StepStatus } from '#jobs/run-state.ts';
import type { StepRow } from '../rows.ts';

/** A step on a host: its row where it has begun, the worst one where it was carried out several times there. */
export interface Cell {
  readonly status: StepStatus;
  readonly row: StepRow | null;
  readonly count: number;
}

export interface HostRow {
  readonly host: string;
  /** By the columns of the matrix; null: the step has nothing to do there. */
  readonly cells: readonly (Cell | null)[];
  readonly ended: number;
  readonly all: number;
}

/** A step that was carried out on hosts, with how many hosts stand where. */
export interface Column {
  readonly id: string;
  readonly name: string;
  readonly counts: { readonly [status in StepStatus]?: number };
}

export interface Matrix {
  readonly columns: readonly Column[];
  readonly hosts: readonly HostRow[];
}

const RANKS: { readonly [group: string]: number } = { done_badly: 0, needs_person: 1, active: 3, not_started: 4, done: 5 };

/** How soon a person should look at it: 0 ended badly, 1 waits for somebody, 2 is tried again, then what is at work, to come and done. */
export const rankOf = (status: StepStatus): number => (status === 'retrying' ? 2 : (RANKS[STATUS_LOOK[status].group] ?? 5));

/** Hosts by steps: every step that has parts or a target is a column, every host or item that one of them was carried out for is a row, in the order they come in. */
export function matrixOf(rows: readonly StepRow[]): Matrix {
  const parts = Map.groupBy(
    rows.filter(({ isPart }) => isPart),
    ({ step }) => step?.parent_key ?? '',
  );
  const wholes = rows.filter((row) => !row.isPart && (parts.has(row.key) || row.step?.targets || row.step?.target));
  const cells = new Map<string, (Cell | null)[]>();
  wholes.forEach((whole, at) => {
    const put = (host: string, status: StepStatus, row: StepRow | null) => {
      const own = cells.get(host) ?? wholes.map(() => null);
      cells.set(host, own);
      const known = own[at];
      const isWorse = !known || rankOf(status) < rankOf(known.status);
      own[at] = { status: isWorse ? status : known.status, row: isWorse ? row : known.row, count: (known?.count ?? 0) + 1 };
    };
    const own = parts.get(whole.key) ?? [];
    for (const row of own) put(row.step?.target ?? row.name, row.status, row);
    if (own.length === 0 && whole.step?.target) put(whole.step.target, whole.status, whole);
    for (const host of whole.step?.targets ?? [])
      if (!cells.get(host)?.[at]) put(host, hasEnded(whole.status) ? 'skipped' : 'pending', null);
  });
  const hosts = [...cells].map(([host, own]) => {
    const there = own.filter((cell) => cell !== null);
    return { host, cells: own, ended: there.filter(({ status }) => hasEnded(status)).length, all: there.length };
  });
  const columns = wholes.map(({ key, name }, at) => ({ id: key, name, counts: countsOf(hosts, at) }));
  return { columns, hosts };
}

const countsOf = (hosts: readonly HostRow[], at: number): Column['counts'] => {
  const counts: { [status in StepStatus]?: number } = {};
  for (const { cells } of hosts) {
    const cell = cells[at];
    if (cell) counts[cell.status] = (counts[cell.status] ?? 0) + 1;
  }
  return counts;
};

const worst = ({ cells }: HostRow): number => cells.reduce((least, cell) => Math.min(least, cell ? rankOf(cell.status) : 9), 9);
const bad = ({ cells }: HostRow): number => cells.filter((cell) => cell && hasEndedBadly(cell.status)).length;
const names = new Intl.Collator('en', { numeric: true });

/** The hosts with those first that a person should look at, the others by their names. */
export const worstFirst = (hosts: readonly HostRow[]): readonly HostRow[] =>
  hosts.toSorted((one, other) => worst(one) - worst(other) || bad(other) - bad(one) || names.compare(one.host, other.host));

/** The hosts in an order that was made earlier, new ones last, so that no row moves while somebody reads. */
export const inOrder = (hosts: readonly HostRow[], order: ReadonlyMap<string, number>): readonly HostRow[] =>
  hosts.toSorted((one, other) => (order.get(one.host) ?? order.size) - (order.get(other.host) ?? order.size));

/** How many stand where, in words, e.g. `118 completed, 2 failed`. */
export const countsWords = (counts: Column['counts']): string =>
  STEP_STATUSES.flatMap((status) => {
    const count = counts[status];
    return count ? [`${count.toLocaleString()} ${STATUS_LOOK[status].word.toLowerCase()}`] : [];
  }).join(', ');

/** The status that a column's total is told by: the worst there is, with how many have it. */
export const totalOf = (counts: Column['counts']): { readonly status: StepStatus; readonly count: number } | null => {
  const there = STEP_STATUSES.filter((status) => counts[status]).toSorted((one, other) => rankOf(one) - rankOf(other));
  const [status] = there;
  return status ? { status, count: counts[status] ?? 0 } : null;
};
