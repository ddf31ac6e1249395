import type { OneState, RunState } from './apply-event.ts';
import type { OnConflict } from './definition-words.ts';
import type { LockHold, RateHold } from './holds/lock.ts';

/** A key that is wanted: by its text, or that of the credential which a target is opened with. */
export interface LockWish {
  readonly by: { readonly key: string } | { readonly credentialOf: string };
  readonly max: number;
  readonly onConflict: OnConflict;
}

/** A start that shares a rate. */
export interface RateWish {
  readonly resource: string;
  readonly max: number;
  readonly perMs: number;
}

/** What a run or one of its steps must have before it goes on. */
export interface Wishes {
  readonly locks: readonly LockWish[];
  readonly rate: RateWish | null;
}

/** By whom keys are held or waited for in a run: the key of the step or part, empty for the run itself. */
export interface Locks {
  readonly [owner: string]: LockState;
}

export type LockState =
  /** `woken`: word came meanwhile that something was granted. */
  | { readonly status: 'asking'; readonly wishes: Wishes; readonly woken: boolean }
  | { readonly status: 'waiting'; readonly wishes: Wishes; readonly hold: LockHold }
  | { readonly status: 'granted' }
  | { readonly status: 'freeing' }
  /** For the run itself, which ends so. */
  | { readonly status: 'refused'; readonly end: 'cancelled' | 'failed'; readonly message: string };

/** What came of asking. `until` (epoch milliseconds): the moment given to its start, where that is not now. */
export type LockAnswer =
  | { readonly outcome: 'granted'; readonly until: number | null }
  | { readonly outcome: 'queued'; readonly key: string; readonly position: number; readonly heldBy: readonly number[] }
  | { readonly outcome: 'skip' | 'cancel' | 'fail'; readonly message: string };

export type LockEvent = { readonly type: 'lock'; readonly owner: string } & (
  | { readonly now: 'asked'; readonly wishes: Wishes }
  | { readonly now: 'granted'; readonly until: number | null; readonly resource: string }
  | { readonly now: 'queued'; readonly hold: LockHold }
  | { readonly now: 'refused'; readonly end: 'cancelled' | 'failed'; readonly message: string }
  /** Word came that something may have been granted. */
  | { readonly now: 'woken' }
  /** The moment given to its start has come. */
  | { readonly now: 'admitted' }
  | { readonly now: 'freeing' }
  /** It neither holds nor waits any more. */
  | { readonly now: 'gone' }
);

/** Puts a step or part into another state. */
export type PutStep = (state: RunState, step: OneState) => RunState;

/** The state after something happened to a lock; `own` is where its owner stands, which the run itself does as a whole. */
export function applyLock(state: RunState, event: LockEvent, own: OneState | undefined, put: PutStep): RunState {
  const { owner } = event;
  const { [owner]: before, ...others } = state.locks ?? {};
  const lock = lockAfter(before, event);
  const after = { ...state, locks: lock ? { ...others, [owner]: lock } : others };
  const step = owner === '' ? undefined : ownerAfter(own, event, lock);
  return step === undefined || step === own ? after : put(after, step);
}

function lockAfter(before: LockState | undefined, event: LockEvent): LockState | undefined {
  switch (event.now) {
    case 'asked':
      return { status: 'asking', wishes: event.wishes, woken: false };
    case 'queued':
      if (before?.status !== 'asking') return before;
      return { status: 'waiting', wishes: before.wishes, hold: before.woken ? dueNow(event.hold) : event.hold };
    case 'woken':
      if (before?.status === 'asking') return { ...before, woken: true };
      return before?.status === 'waiting' ? { ...before, hold: dueNow(before.hold) } : before;
    case 'refused':
      return { status: 'refused', end: event.end, message: event.message };
    case 'granted':
    case 'freeing':
      return { status: event.now };
    case 'admitted':
      return before;
    case 'gone':
      return undefined;
  }
}

const dueNow = (hold: LockHold): LockHold => ({ ...hold, askAt: 0 });

/** Whoever was stopped meanwhile stays so. */
function ownerAfter(own: OneState | undefined, event: LockEvent, lock: LockState | undefined): OneState | undefined {
  const attempts = own && 'attempts' in own ? own.attempts : 0;
  const held = (hold: LockHold | RateHold): OneState => ({ status: 'held', attempts, hold });
  const open: OneState = { status: 'retry', attempts };
  const place = own?.status === 'held' && own.hold.kind === 'lock' ? own.hold : null;
  if (event.now === 'asked') return held(place ? { ...place, askAt: null } : firstHold(event.wishes));
  if (event.now === 'admitted') return own?.status === 'held' ? open : own;
  if (place === null) return own;
  if (event.now === 'granted') return event.until === null ? open : held({ kind: 'rate', resource: event.resource, until: event.until });
  return lock?.status === 'waiting' ? held(lock.hold) : own;
}

const firstHold = ({ locks: [first], rate }: Wishes): LockHold => ({
  kind: 'lock',
  key: first === undefined ? (rate?.resource ?? '') : 'key' in first.by ? first.by.key : `credential of ${first.by.credentialOf}`,
  position: null,
  heldBy: [],
  askAt: null,
});

/** What the run as a whole is in line for; null when it is not. */
export const runsPlace = ({ locks }: RunState): LockHold | null => {
  const own = locks?.[''];
  return own?.status === 'waiting' ? own.hold : own?.status === 'asking' ? firstHold(own.wishes) : null;
};
