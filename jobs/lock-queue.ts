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

/** Nobody of these goes on before the one that they are asked about; `claims`: all that concern the keys they hold. Answers whom of the waiting that holds up as well. */
export function heldUp(stuck: readonly Owner[], claims: readonly KeyClaim[]): readonly Owner[] {
  const isStuck = (owner: Owner) => stuck.some((one) => isSame(one, owner));
  const free = new Set(claims.flatMap((claim) => (claim.isHolding && !isStuck(claim) ? [claim.key] : [])));
  const waiting = claims.filter((claim) => !claim.isHolding && !free.has(claim.key));
  return waiting.flatMap(({ run, step }) => [{ run, step }, runOf(run)]).filter((owner) => !isStuck(owner));
}

export interface KeyClaim extends Owner {
  readonly key: string;
  readonly isHolding: boolean;
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
  /** Who else does not go on before it does. */
  readonly stuck: readonly Owner[];
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
export function verdictOn<C extends Claim>({ claim, holders, ahead, above, stuck }: Standing<C>, onConflict: OnConflict): Verdict<C> {
  if (holders.some((holder) => isSame(holder, claim))) return { outcome: 'granted' };
  const isIn = (owners: readonly Owner[]) => (holder: C) => owners.some((owner) => isSame(owner, holder));
  const upstairs = holders.find(isIn(above));
  if (upstairs) return { outcome: 'reentry', holder: upstairs };
  const [first] = holders;
  if (first && holders.every(isIn(stuck))) return { outcome: 'deadlock', holder: first };
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
