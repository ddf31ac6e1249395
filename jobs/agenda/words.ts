/**
 * What stands at a moment of the agenda: `planned`; `due`, its time has come and nothing has been heard of it; `paused`, it would start but for a pause;
 * `left_out` by the clocks or a calendar; `asked` for by a person and not begun; `started`; `missed`; `delayed`, a run that waits for its time.
 */
export const AGENDA_STATES = ['planned', 'due', 'paused', 'left_out', 'asked', 'started', 'missed', 'delayed'] as const;
export type AgendaState = (typeof AGENDA_STATES)[number];

/** A place in the agenda: a moment (epoch milliseconds), whose it is (a schedule, or a run that waits), and which run of that moment. */
export interface Place {
  readonly at: number;
  readonly id: string;
  readonly again: number;
}

/** The order of the agenda. */
export const comparePlaces = (a: Place, b: Place): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) || a.again - b.again;
