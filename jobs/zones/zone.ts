/** From `at` (epoch milliseconds) on, the clocks of a zone are `offsetMs` ahead of UTC. */
export interface Transition {
  readonly at: number;
  readonly offsetMs: number;
  readonly beforeMs: number;
}

/** The clocks of one zone, as the shipped zone data have them. */
export interface Zone {
  readonly name: string;
  /** How far its clocks are ahead of UTC at this moment (epoch milliseconds), in milliseconds. */
  offsetAt(moment: number): number;
  /** What its clocks are called at this moment, e.g. `CEST` or `+03`. */
  abbreviationAt(moment: number): string;
  /** Changes of its clocks from `from` (included) to `to` (not included), in order. */
  transitions(from: number, to: number): readonly Transition[];
}

/** One release of the zone data: all zones and their other names. */
export interface ZoneData {
  /** As IANA calls it, e.g. `2026f`. */
  readonly version: string;
  /** What each other name of a zone stands for, e.g. `Asia/Kolkata` for `Asia/Calcutta`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The zone, also by an alias of it; null for a name that the release does not have. */
  zone(name: string): Zone | null;
}
