/** A queue that has work: steps that run, steps that wait, and for how long the first of them has. */
export interface Demand {
  readonly name: string;
  readonly used: number;
  readonly backlog: number;
  readonly oldestMs: number;
}

/** By queue: how many of its steps may run at a time. */
export type Shares = ReadonlyMap<string, number>;

/** A share that differs from what is wanted by less than this part of it, or by one, stays as it is. */
const SLACK = 0.2;
/** A step that has waited so long counts as two that have just come. */
const DOUBLING_MS = 60_000;
const OLDEST_MS = 10 * DOUBLING_MS;

/**
 * Who may run how many steps when there is more work than a process has slots: together never more than `cap`; one for each queue with work, those
 * that have waited longest first if there are not even so many; the rest by how much waits and how long. Work that changes little moves no slots,
 * and the same work asked about twice moves none. With work for less than `cap`, everybody gets what they want.
 */
export function shareSlots(cap: number, demands: readonly Demand[], before: Shares): Shares {
  const busy = demands.filter((demand) => wants(demand) > 0).toSorted(longestFirst);
  const ideal = idealShares(cap, busy);
  const kept = new Map(busy.map((demand) => [demand.name, keptShare(demand, ideal.get(demand.name) ?? 0, before.get(demand.name))]));
  return fitted(cap, busy, ideal, kept);
}

/** True when there is work for more slots than there are. */
export const isScarce = (cap: number, demands: readonly Demand[]): boolean =>
  demands.reduce((total, demand) => total + wants(demand), 0) > cap;

const wants = ({ used, backlog }: Demand): number => used + backlog;

const longestFirst = (a: Demand, b: Demand): number => b.oldestMs - a.oldestMs || (a.name < b.name ? -1 : 1);

const weightOf = (demand: Demand): number => wants(demand) * (1 + Math.min(demand.oldestMs, OLDEST_MS) / DOUBLING_MS);

/** One each, then one by one to whoever is furthest below what its weight calls for (d'Hondt), never more than it wants. */
function idealShares(cap: number, busy: readonly Demand[]): Map<string, number> {
  const shares = new Map(busy.map(({ name }, at) => [name, at < cap ? 1 : 0]));
  let left = cap - Math.min(cap, busy.length);
  const total = busy.reduce((sum, demand) => sum + wants(demand), 0);
  if (total <= cap) return new Map(busy.map((demand) => [demand.name, wants(demand)]));
  for (; left > 0; left--) {
    let best: Demand | undefined;
    let claim = 0;
    for (const demand of busy) {
      const share = shares.get(demand.name) ?? 0;
      if (share >= wants(demand)) continue;
      const own = weightOf(demand) / (share + 1);
      if (own > claim) [best, claim] = [demand, own];
    }
    if (!best) break;
    shares.set(best.name, (shares.get(best.name) ?? 0) + 1);
  }
  return shares;
}

/** What a queue had, if that is near enough to what it should have now. */
function keptShare(demand: Demand, ideal: number, before: number | undefined): number {
  if (before === undefined || before === 0 || ideal === 0 || before > wants(demand)) return ideal;
  return Math.abs(ideal - before) <= Math.max(1, SLACK * before) ? before : ideal;
}

/** What was kept may be too much or leave something: the difference is taken from, or given to, whoever is furthest from what it should have. */
function fitted(cap: number, busy: readonly Demand[], ideal: ReadonlyMap<string, number>, shares: Map<string, number>): Shares {
  const target = Math.min(
    cap,
    [...ideal.values()].reduce((sum, share) => sum + share, 0),
  );
  let sum = [...shares.values()].reduce((total, share) => total + share, 0);
  const excess = ({ name }: Demand) => (shares.get(name) ?? 0) - (ideal.get(name) ?? 0);
  for (; sum !== target; sum += sum > target ? -1 : 1) {
    const step = sum > target ? -1 : 1;
    const next = busy.reduce((a, b) => ((excess(b) - excess(a)) * step < 0 ? b : a));
    shares.set(next.name, (shares.get(next.name) ?? 0) + step);
  }
  return shares;
}
