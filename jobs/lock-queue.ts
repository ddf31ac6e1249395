import type { OnConflict } from './definition-words.ts';

/** A run, or a step of one, that holds a key or waits for it. */
export interface Claim {
  readonly run: string;
  /** Empty for the run itself. */
  readonly step: string;
  /** 1 goes first, 10 last. */
  readonly priority: number;
  /** When it was asked for, in epoch milliseconds. */
  readonly since: number;
  /** How many may hold the key at a time, as this claim sees it. */
  readonly max: number;
}

/** Below 0 when the first of two waiters goes before the other: by priority, then by time, then by name. */
export const inLine = (a: Claim, b: Claim): number =>
  a.priority - b.priority || a.since - b.since || compare(a.run, b.run) || compare(a.step, b.step);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const isSame = (a: Owner, b: Owner): boolean => a.run === b.run && a.step === b.step;

/** How many of those at the head of the line take the key now; nobody passes one who must still wait. */
export function grantable(holders: number, line: readonly Pick<Claim, 'max'>[]): number {
  const blocked = line.findIndex(({ max }, at) => holders + at >= max);
  return blocked === -1 ? line.length : blocked;
}

/** Keys in the one order in which everybody takes them, each once: two who want the same never wait for each other. */
export const inOrder = (keys: readonly string[]): readonly string[] => [...new Set(keys)].sort(compare);

/** Who can hold a key; `step` is empty for the run itself. */
export type Owner = Pick<Claim, 'run' | 'step'>;

/** That someone does not go on before one of those who hold a key does. */
export interface Wait {
  readonly owner: Owner;
  readonly holders: readonly Owner[];
}

/** Whether someone never goes on: all who could let him wait for one another. `waits`: his, and those of all whom he waits for. */
export function isStuck(owner: Owner, waits: readonly Wait[]): boolean {
  const nameOf = ({ run, step }: Owner): string => `${run} ${step}`;
  const open = Map.groupBy(waits, (wait) => nameOf(wait.owner));
  /** Who has nothing to wait for, goes on; and so does whoever waits only for keys that one such holds. */
  for (let before = Number.POSITIVE_INFINITY; open.size < before; ) {
    before = open.size;
    for (const [name, own] of open) {
      if (own.every(({ holders }) => holders.some((holder) => !open.has(nameOf(holder))))) open.delete(name);
    }
  }
  return open.has(nameOf(owner));
}

/** The run itself, which ends after all its steps. */
export const runOf = (run: string): Owner => ({ run, step: '' });

/** How things stand for one who asked, once all were granted the key who could be. */
export interface Standing<C extends Claim> {
  readonly claim: C;
  readonly holders: readonly C[];
  /** How many of those who wait go before it. */
  readonly ahead: number;
  /** Whose work it is part of: its run, and the runs and steps that started that. */
  readonly above: readonly Owner[];
  /** Whether all who hold the key wait, in the end, for it. */
  readonly isStuck: boolean;
}

export type Verdict<C extends Claim> =
  | { readonly outcome: 'granted' }
  /** `position` from 1; the runs in `cancel` are to be cancelled for it. */
  | { readonly outcome: 'queued'; readonly position: number; readonly cancel: readonly C[] }
  /** It does not wait: the step is skipped, or cancelled, or fails. */
  | { readonly outcome: 'skip' | 'cancel' | 'fail' }
  /** It would never get the key: who holds it waits for it. */
  | { readonly outcome: 'reentry' | 'deadlock'; readonly holder: C };

/** What becomes of one who asked for a key. Of those who hold it, only runs that asked earlier are cancelled: of two newcomers the later one stays. */
export function verdictOn<C extends Claim>(
  { claim, holders, ahead, above, isStuck: isDead }: Standing<C>,
  onConflict: OnConflict,
): Verdict<C> {
  if (holders.some((holder) => isSame(holder, claim))) return { outcome: 'granted' };
  const upstairs = holders.find((holder) => above.some((owner) => isSame(owner, holder)));
  if (upstairs) return { outcome: 'reentry', holder: upstairs };
  const [first] = holders;
  if (first && isDead) return { outcome: 'deadlock', holder: first };
  const queued = { outcome: 'queued', position: ahead + 1, cancel: [] } as const;
  switch (onConflict) {
    case 'queue':
      return queued;
    case 'cancel_running':
      return { ...queued, cancel: holders.filter(({ run, since }) => run !== claim.run && since <= claim.since) };
    case 'cancel_new':
      return { outcome: 'cancel' };
    case 'skip':
    case 'fail':
      return { outcome: onConflict };
  }
}
