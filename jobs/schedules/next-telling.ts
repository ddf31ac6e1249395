import type { OverlapPolicy } from './definition.ts';

/** What Temporal says of a schedule: the workflows it counts as under way, how many starts wait behind them, and whether it has yet to come to moments that are over. */
export interface TwinStanding {
  readonly running: readonly string[];
  readonly waiting: number;
  readonly isBehind: boolean;
}

/** A start that was asked for, by a person or since its moment was not met, and what surrounds it. */
export interface Asked {
  readonly by: 'person' | 'clock';
  readonly overlap: OverlapPolicy;
  /** Another run of a moment that has one. */
  readonly isAgain: boolean;
  /** The id that Temporal gives the workflow of its moment. */
  readonly workflowId: string;
  /** Whether Temporal was told of it before. */
  readonly wasTold: boolean;
  /** Null: Temporal has no such schedule. */
  readonly twin: TwinStanding | null;
  /** Whether a run of the schedule is under way, as its rows say. */
  readonly isBusy: boolean;
  /** Whether a later moment has begun. */
  readonly isOvertaken: boolean;
}

/** `tell`: Temporal starts it by the policy. `start`: nobody else can. `wait`: look again later. */
export type Telling = { readonly do: 'tell' | 'start' | 'wait' } | { readonly do: 'drop'; readonly why: string };

/** What to do next so that a start happens once, by its overlap policy: Temporal says nothing of a start that it skips, so it is told of none that it would skip. */
export function nextTelling(asked: Asked): Telling {
  const { by, overlap, twin, isBusy } = asked;
  const isFree = overlap === 'allow_all' || (!isBusy && (twin === null || (twin.running.length === 0 && twin.waiting === 0)));
  if (by === 'clock' && asked.isOvertaken && (overlap === 'cancel_other' || overlap === 'terminate_other'))
    return { do: 'drop', why: `a later start took its place before it began, by the overlap policy ${overlap}` };
  // When thousands are due at once it comes to each in its turn, and needs no reminder.
  if (by === 'clock' && twin?.isBehind) return { do: 'wait' };
  // Beside a workflow of the same moment Temporal starts no other, and of those that may all run at once it does not say which are under way.
  const isTwice = overlap === 'allow_all' && (asked.isAgain || (twin?.running.includes(asked.workflowId) ?? false));
  if (isFree) return { do: twin === null || isTwice ? 'start' : 'tell' };
  if (by === 'clock' || asked.wasTold) return { do: 'wait' };
  return ofPerson(asked);
}

function ofPerson({ overlap, twin, isBusy }: Asked): Telling {
  // What only Temporal takes for under way has just ended, or has no row yet.
  if (overlap === 'skip' && !isBusy) return { do: 'wait' };
  if (overlap === 'skip') return { do: 'drop', why: 'a run of this schedule is under way, and the overlap policy is skip' };
  if (overlap === 'buffer_one' && twin && twin.waiting > 0)
    return { do: 'drop', why: 'another start waits already for the run under way, and the overlap policy is buffer_one' };
  return { do: twin === null ? 'wait' : 'tell' };
}
