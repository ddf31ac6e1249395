import { createMemo, createSignal } from 'solid-js';
import { whenChanged } from '../../solid.ts';
import { momentOf, namesIn, RUNS_FILTER, type RunsFilter } from '../../url/runs-filter.ts';
import type { BulkFilter, ChosenRuns } from './queries.ts';

type Chosen = { readonly all: true } | { readonly all: false; readonly ids: ReadonlySet<string> };

const NONE: Chosen = { all: false, ids: new Set() };

/** The filter as an operation on many takes it: what passes with the clock becomes the moment it stands for now. */
export const bulkFilter = (filter: RunsFilter, now: number): BulkFilter => {
  const names = namesIn(filter);
  return Object.fromEntries(
    names.map((name) => {
      const value = filter[name];
      const moment = name === 'since' || name === 'until' ? momentOf(String(value), now) : null;
      if (moment !== null) return [name, new Date(moment).toISOString()];
      return [name, name === 'priority' ? (value as readonly string[]).map(Number) : value];
    }),
  );
};

/** Which runs are chosen for what is done to many: some, or all that the filter matches; another filter chooses none. */
export const useChosenRuns = (filter: () => RunsFilter, here: () => readonly { readonly id: string }[]) => {
  const [chosen, setChosen] = createSignal<Chosen>(NONE);
  let last: string | null = null;
  whenChanged(
    () => RUNS_FILTER.write(filter()),
    () => setChosen(NONE),
    'later',
  );
  const ids = createMemo((): ReadonlySet<string> => {
    const now = chosen();
    return now.all ? new Set(here().map(({ id }) => id)) : now.ids;
  });
  const isChosen = (id: string) => ids().has(id);
  /** All from the one chosen last to this one, as Shift does. */
  const between = (id: string): readonly string[] => {
    const order = here().map((run) => run.id);
    const [one, other] = [order.indexOf(last ?? id), order.indexOf(id)];
    return one < 0 ? [id] : order.slice(Math.min(one, other), Math.max(one, other) + 1);
  };
  return {
    ids,
    isChosen,
    isAll: () => chosen().all,
    count: () => ids().size,
    /** Chooses a run or lets go of it; while all that match are chosen, none of them is taken out. */
    toggle: (id: string, range = false) => {
      if (chosen().all) return;
      const next = new Set(ids());
      const on = !next.has(id);
      for (const one of range ? between(id) : [id]) {
        if (on) next.add(one);
        else next.delete(one);
      }
      last = id;
      setChosen({ all: false, ids: next });
    },
    chooseHere: () => setChosen({ all: false, ids: new Set(here().map(({ id }) => id)) }),
    chooseAll: () => setChosen({ all: true }),
    none: () => setChosen(NONE),
    /** What an operation is asked to be done to. */
    asked: (): ChosenRuns => (chosen().all ? { filter: bulkFilter(filter(), Date.now()) } : { ids: [...ids()] }),
  };
};
export type RunsChoice = ReturnType<typeof useChosenRuns>;
