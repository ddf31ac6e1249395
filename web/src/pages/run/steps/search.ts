import { MOST_ATTEMPTS } from '../../../log/place.ts';
import { type Field, flag, searchState, text, whole } from '../../../url/search-state.ts';

/** A stretch of time in ms since the time line begins. */
export interface Zoom {
  readonly from: number;
  readonly to: number;
}

/** What the views of a run's steps show; one selection for all of them. */
export interface StepsSearch {
  /** The chosen step; '' while the page chooses. */
  readonly step: string;
  /** The only attempt of each step that is looked at; null: all. */
  readonly attempt: number | null;
  /** Only steps that a person may have to look at. */
  readonly problems: boolean;
  readonly filter: string;
  /** The part of the time line that is looked at; null: all of it. */
  readonly zoom: Zoom | null;
  /** Long stretches without work take little room. */
  readonly squeeze: boolean;
  /** The same facts as a table. */
  readonly table: boolean;
  /** Only hosts with this tag. */
  readonly tag: string;
}

const zoom: Field<Zoom | null> = {
  absent: null,
  read: (given) => {
    const [, from, to] = /^(\d{1,13})-(\d{1,13})$/.exec(given) ?? [];
    return { value: from !== undefined && to !== undefined && Number(from) < Number(to) ? { from: Number(from), to: Number(to) } : null };
  },
  write: (value) => value && `${Math.floor(value.from)}-${Math.ceil(value.to)}`,
};

/** On unless the address says `0`. */
const unlessOff: Field<boolean> = {
  absent: true,
  read: (given) => ({ value: given === '0' ? false : null }),
  write: (value) => (value ? null : '0'),
};

const LONGEST_KEY = 1_000;
const LONGEST_WORDS = 200;

/** What the address keeps of the views of a run's steps. */
export const stepsSearch = searchState<StepsSearch>({
  step: text(LONGEST_KEY),
  attempt: whole(1, MOST_ATTEMPTS),
  problems: flag(),
  filter: text(LONGEST_WORDS),
  zoom,
  squeeze: unlessOff,
  table: flag(),
  tag: text(LONGEST_WORDS),
});
