import type { WaitingFor } from '../run-state.ts';

/** What a step waits for that the run itself carries out; plain JSON, so that it survives continue-as-new. Moments are epoch milliseconds. */
export type Hold = TimerHold;

/** Until a moment has come. */
export interface TimerHold {
  readonly kind: 'timer';
  readonly until: number;
}

/** What people read that a held step waits for. */
export const waitingForOf = (hold: Hold): WaitingFor => {
  switch (hold.kind) {
    case 'timer':
      return 'timer';
  }
};

/** The next moment at which a hold changes by time alone; null: none. */
export const momentOf = (hold: Hold): number | null => {
  switch (hold.kind) {
    case 'timer':
      return hold.until;
  }
};
