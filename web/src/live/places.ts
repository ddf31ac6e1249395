import type { Query, QueryClient } from '@tanstack/solid-query';
import { PLACES, type Place } from '#jobs/places.ts';

const AT_MOST_MS = 1000;
/** So many times as long as what is shown took to be read it is left alone, for whoever reads on in it; but no longer than this. */
const RESTS = 2;
const LONGEST_REST_MS = 30_000;

/** Says of a query that it shows something of a place: it is read again when something there changes. */
export const showsOf = (place: Place) => ({ live: true, topic: place }) as const;

/** Every place that tells when something there has changed, with what it takes to hear of it. */
export const placesThatTell = Object.entries(PLACES) as readonly (readonly [Place, string])[];

/** Reads again what is shown of a place where something changed, once it is looked at: once a second at most, more seldom the longer that takes, and never while it is being read for the change before. */
export const createPlaceReader = (queries: QueryClient, whenSeen: () => Promise<void>) => {
  const owed = new Map<Place, boolean>();

  const readOne = async ({ queryKey, state: { fetchStatus } }: Query): Promise<void> => {
    const read = () => queries.invalidateQueries({ queryKey, exact: true }, { cancelRefetch: false });
    const isUnderWay = fetchStatus !== 'idle';
    await read();
    // What somebody else asked for before may be answered with how it was. At once, since else a reader who reads on and on would always come first.
    if (isUnderWay) await read();
  };

  const readAgain = async (place: Place): Promise<void> => {
    owed.set(place, true);
    while (owed.get(place)) {
      await whenSeen();
      owed.set(place, false);
      const begun = performance.now();
      await Promise.all(
        queries
          .getQueryCache()
          .findAll({ predicate: ({ meta }) => meta?.topic === place })
          .map(readOne),
      );
      const took = performance.now() - begun;
      const rest = Math.max(AT_MOST_MS - took, Math.min(RESTS * took, LONGEST_REST_MS));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
    owed.delete(place);
  };

  return (place: Place): void => {
    if (owed.has(place)) owed.set(place, true);
    else void readAgain(place);
  };
};
