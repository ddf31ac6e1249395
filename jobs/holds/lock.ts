import { type HoldKind, shownMoment } from './kind.ts';

/** In line for a key that others hold. */
export interface LockHold {
  readonly kind: 'lock';
  readonly key: string;
  /** From 1; null until it is known. */
  readonly position: number | null;
  /** Numbers of the runs that hold it. */
  readonly heldBy: readonly number[];
  /** When to ask again (epoch milliseconds), though nobody has said that the key is free; null while it is being asked. */
  readonly askAt: number | null;
}

/** Until the moment that was given to its start. */
export interface RateHold {
  readonly kind: 'rate';
  readonly resource: string;
  readonly until: number;
}

export const lockKind: HoldKind<LockHold> = {
  waitingFor: 'lock',
  moment: ({ askAt }) => askAt,
  move: () => null,
  show: (hold) => ({ kind: 'lock', key: hold.key, position: hold.position, held_by: hold.heldBy, message: lockWords(hold) }),
};

export const rateKind: HoldKind<RateHold> = {
  waitingFor: 'timer',
  moment: ({ until }) => until,
  move: () => null,
  show: (hold) => ({ kind: 'rate', resource: hold.resource, until: shownMoment(hold.until), message: rateWords(hold) }),
};

/** Holders that a sentence names. */
const MOST_NAMED = 3;

/** What a person reads of someone in line, e.g. "waits for lock backup-ber, 2nd in line, held by run #1042". */
export function lockWords({ key, position, heldBy }: LockHold): string {
  const named = heldBy.slice(0, MOST_NAMED).map((number) => `#${number}`);
  const more = heldBy.length - named.length;
  const holders = `${heldBy.length === 1 ? 'run' : 'runs'} ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    `waits for lock ${key}`,
    ...(position === null ? [] : [`${ordinal(position)} in line`]),
    ...(heldBy.length > 0 ? [`held by ${holders}`] : []),
  ].join(', ');
}

/** What a person reads of a start that waits for its moment. */
export const rateWords = ({ resource, until }: RateHold): string => `waits for its turn at ${resource} until ${shownMoment(until)}`;

/** `1st`, `2nd`, `11th`. */
export function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
