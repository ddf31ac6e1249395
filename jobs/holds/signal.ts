import { type HoldKind, shownMoment } from './kind.ts';
import { moveOfReceiving, type Receiving } from './message.ts';

/** Until someone sends the run a signal of this name. */
export interface SignalHold extends Receiving {
  readonly kind: 'signal';
  readonly name: string;
}

export const signalKind: HoldKind<SignalHold> = {
  waitingFor: 'signal',
  moment: ({ until }) => until,
  move: (hold, now) =>
    moveOfReceiving(hold, now, `the signal "${hold.name}"`, (message) => ({
      received: message !== null,
      data: message?.data ?? null,
      sent_by: message?.by ?? null,
      at: shownMoment(message?.at ?? null),
    })),
  show: ({ name, since, until }) => ({ kind: 'signal', name, since: shownMoment(since), until: shownMoment(until) }),
};
