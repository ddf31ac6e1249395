import type { OneState, RunState } from './apply-event.ts';
import type { OnConflict } from './definition-words.ts';
import type { LockHold } from './holds/lock.ts';

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

/** Puts a step or part into another state; the run itself has none. */
export type PutStep = (state: RunState, step: OneState) => RunState;

/** The state after something happened to a lock; `own` is where its owner stands. */
export function applyLock(state: RunState, event: LockEvent, own: OneState | undefined, put: PutStep): RunState {
  const { owner } = event;
  const before = state.locks?.[owner];
  const to = (lock: LockState): RunState => ({ ...state, locks: { ...state.locks, [owner]: lock } });
  const attempts = own && 'attempts' in own ? own.attempts : 0;
  /** Whoever was stopped meanwhile stays so. */
  const isInLine = owner !== '' && own?.status === 'held' && own.hold.kind === 'lock';
  switch (event.now) {
    case 'asked': {
      const asking = to({ status: 'asking', wishes: event.wishes, woken: false });
      if (owner === '') return asking;
      const hold = isInLine ? { ...own.hold, askAt: null } : firstHold(event.wishes);
      return put(asking, { status: 'held', attempts, hold });
    }
    case 'granted': {
      const granted = to({ status: 'granted' });
      if (!isInLine) return granted;
      const { until, resource } = event;
      return put(
        granted,
        until === null ? { status: 'retry', attempts } : { status: 'held', attempts, hold: { kind: 'rate', resource, until } },
      );
    }
    case 'queued': {
      if (before?.status !== 'asking') return state;
      const hold = before.woken ? { ...event.hold, askAt: 0 } : event.hold;
      const waiting = to({ status: 'waiting', wishes: before.wishes, hold });
      return isInLine ? put(waiting, { status: 'held', attempts, hold }) : waiting;
    }
    case 'refused':
      return to({ status: 'refused', end: event.end, message: event.message });
    case 'woken': {
      if (before?.status === 'asking') return to({ ...before, woken: true });
      if (before?.status !== 'waiting') return state;
      const hold = { ...before.hold, askAt: 0 };
      const woken = to({ ...before, hold });
      return isInLine ? put(woken, { status: 'held', attempts, hold }) : woken;
    }
    case 'admitted':
      return own?.status === 'held' ? put(state, { status: 'retry', attempts }) : state;
    case 'freeing':
      return to({ status: 'freeing' });
    case 'gone': {
      const { [owner]: _, ...locks } = state.locks ?? {};
      return { ...state, locks };
    }
  }
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
